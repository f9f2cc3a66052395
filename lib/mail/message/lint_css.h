/*
 * Styles that large mail programs do not know, in attributes and sheets.
 */
#ifndef MAIL_MESSAGE_LINT_CSS_H
#define MAIL_MESSAGE_LINT_CSS_H

#include "mail/html/html_tags.h"
#include "mail/message/lint_report.h"

/* Look at declarations as html_style_plain() writes them; at: their offset. */
void lint_css_style(struct lint *, size_t at, struct str plain);

/* Look at a style sheet, which is a part of the source (CSS Syntax 3). */
void lint_css_sheet(struct lint *, struct str sheet);

#endif
