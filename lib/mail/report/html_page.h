/*
 * Pieces of a page for a browser: its head and style, sections, tables. Names
 * and titles are ours and go in as they are; values are escaped.
 */
#ifndef MAIL_SHEET_H
#define MAIL_SHEET_H

#include <stddef.h>

#include "base/buf.h"

void sheet_open(struct buf *, struct str title);
void sheet_close(struct buf *);

void sheet_open_section(struct buf *, const char *id, const char *title);
void sheet_close_section(struct buf *);
void sheet_heading(struct buf *, const char *text);

/* With a line of count names, of which the first few head texts. */
void sheet_open_table(struct buf *, const char *caption,
    const char *const *names, size_t count, size_t texts);
void sheet_close_table(struct buf *);

/* What is folded away until somebody wants to see it: a chart's numbers. */
void sheet_open_details(struct buf *);
void sheet_close_details(struct buf *);

/* Begin a row with its name. */
void sheet_row(struct buf *, const char *name);
void sheet_row_end(struct buf *);

/* class: NULL, "c" for text kept on a line, "w" for long text. */
void sheet_number(struct buf *, long long n);
void sheet_cell(struct buf *, const char *class, struct str);

#endif
