/*
 * Markdown as GitHub reads it (tables, strikethrough, task lists, bare links)
 * made into HTML. Template tags come out as they were written, in text, in
 * links and in code; a line that holds nothing but section tags belongs to no
 * paragraph. HTML in the source is kept.
 */
#ifndef MAIL_HTML_MARKDOWN_H
#define MAIL_HTML_MARKDOWN_H

#include "base/buf.h"
#include "base/fail.h"

/* Append the HTML. DATA when the source is larger than 2 MiB. */
int markdown_to_html(struct buf *, struct str source, struct fail *);

#endif
