/*
 * Text that HTML takes for a tag or a comment: no reader sees it.
 */
#ifndef MAIL_MESSAGE_LINT_SWALLOWED_H
#define MAIL_MESSAGE_LINT_SWALLOWED_H

#include "mail/message/lint_report.h"

/* Look at all tags and comments of a source (WHATWG HTML 13.2.5). */
void lint_swallowed_html(struct lint *);

#endif
