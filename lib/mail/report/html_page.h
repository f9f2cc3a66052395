/*
 * Pieces of a page for a browser: its head and style, sections, tables. Names
 * and titles are ours and go in as they are; values are escaped.
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

/* With a line of count names, of which the first few head texts. */
void html_page_open_table(struct buf *, const char *caption,
    const char *const *names, size_t count, size_t texts);
void html_page_close_table(struct buf *);

/* What is folded away until somebody wants to see it: a chart's numbers. */
void html_page_open_details(struct buf *);
void html_page_close_details(struct buf *);

/* Begin a row with its name. */
void html_page_row(struct buf *, const char *name);
void html_page_row_end(struct buf *);

/* class: NULL, "c" for text kept on a line, "w" for long text. */
void html_page_number(struct buf *, long long n);
void html_page_cell(struct buf *, const char *class, struct str);

#endif
