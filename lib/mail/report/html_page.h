/*
 * Pieces of an HTML page: head, style sheet, sections, tables. Names, captions
 * and headings are HTML; values are plain text and escaped here.
 */
#ifndef MAIL_REPORT_HTML_PAGE_H
#define MAIL_REPORT_HTML_PAGE_H

#include <stddef.h>

#include "base/buf.h"

void html_page_open(struct buf *, struct str title);
void html_page_close(struct buf *);

void html_page_open_section(struct buf *, const char *id, const char *title);
void html_page_close_section(struct buf *);
void html_page_heading(struct buf *, const char *text);

/* A table with count named columns; all but the first `texts` are numbers. */
void html_page_open_table(struct buf *, const char *caption,
    const char *const *names, size_t count, size_t texts);
void html_page_close_table(struct buf *);

/* A part that is folded away until it is clicked: the numbers of a chart. */
void html_page_open_details(struct buf *);
void html_page_close_details(struct buf *);

/* Begin a row with its name. */
void html_page_row(struct buf *, const char *name);
void html_page_row_end(struct buf *);

/* class: NULL, "c" for text kept on a line, "w" for long text. */
void html_page_number(struct buf *, long long n);
void html_page_cell(struct buf *, const char *class, struct str);

/* Text without control characters, escaped for HTML and SVG. */
void html_page_text(struct buf *, struct str);

#endif
