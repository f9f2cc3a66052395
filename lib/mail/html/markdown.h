/*
 * GitHub's Markdown (tables, strikethrough, task lists, bare links, footnotes)
 * to HTML for mail. Template tags stay as written in text, links and code; a
 * line of nothing but section tags belongs to no paragraph. HTML in the source
 * is kept.
 */
#ifndef MAIL_HTML_MARKDOWN_H
#define MAIL_HTML_MARKDOWN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

/*
 * Append the HTML; hard_breaks: each line break of the source is one. DATA if
 * the source is larger than HTML_MAX.
 */
int markdown_to_html(
    struct buf *, struct str source, bool hard_breaks, struct fail *);

/* Append a line with the library's name and version, for --version. */
void markdown_library(struct buf *);

#endif
