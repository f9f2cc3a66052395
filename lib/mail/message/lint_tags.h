/*
 * Merge tags that nothing has replaced, in the spelling of any system.
 */
#ifndef MAIL_MESSAGE_LINT_TAGS_H
#define MAIL_MESSAGE_LINT_TAGS_H

#include "mail/message/lint_report.h"

#define LINT_TAGS_TEXT "error: a tag that nothing replaces"

/* Look at what readers see of a template's HTML, and at its attributes. */
void lint_tags_html(struct lint *);

/*
 * The first tag at or behind offset *at of a text: its bytes, with *at behind
 * them; p == NULL: none.
 */
struct str lint_tags_next(struct str text, size_t *at);

#endif
