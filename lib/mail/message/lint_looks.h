/*
 * What mail programs show in another way than the author sees it.
 */
#ifndef MAIL_MESSAGE_LINT_LOOKS_H
#define MAIL_MESSAGE_LINT_LOOKS_H

#include "mail/html/html_tags.h"
#include "mail/message/lint_report.h"

/* Look at the style of a tag, and at what editors leave in it. */
void lint_looks_tag(struct lint *, const struct html_tag *);

#endif
