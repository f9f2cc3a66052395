/*
 * The HTML of Markdown made fit for mail.
 */
#ifndef MAIL_HTML_MARKDOWN_FINISH_H
#define MAIL_HTML_MARKDOWN_FINISH_H

#include "base/buf.h"
#include "mail/html/markdown_words.h"

/*
 * Append the HTML with what was hidden put back; boxes of tasks are
 * characters, headings of columns have a scope, and a footnote is a number in
 * brackets, since mail programs rewrite the names that links lead to.
 */
void markdown_finish(
    struct buf *, struct str html, const struct markdown_words *);

#endif
