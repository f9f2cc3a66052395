/*
 * GitHub's Markdown (tables, strikethrough, task lists, bare links) to HTML.
 * Template tags stay as written in text, links and code; a line of nothing
 * but section tags belongs to no paragraph. HTML in the source is kept.
 */
#ifndef MAIL_HTML_MARKDOWN_H
#define MAIL_HTML_MARKDOWN_H

#include "base/buf.h"
#include "base/fail.h"

/* Append the HTML. DATA if the source is larger than 2 MiB. */
int markdown_to_html(struct buf *, struct str source, struct fail *);

#endif
