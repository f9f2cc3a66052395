/*
 * Tables for a terminal: columns as wide as their cells, shrunk to fit. A width
 * is a number of columns of the terminal. With ascii, the output has "~" for
 * an ellipsis and "#" for a bar.
 */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct columns;

/*
 * One letter a column, borrowed: l left, and cut if the table is too wide;
 * f left, never cut; r right, never cut.
 */
struct columns *columns_new(const char *columns);
void columns_free(struct columns *);

/*
 * Add the next cell, row by row. Control characters, invisible ones and bytes
 * that are not UTF-8 become "?"; text from right to left stays in its cell.
 */
void columns_cell(struct columns *, struct str);
void columns_text(struct columns *, const char *);
void columns_number(struct columns *, long long);

/* Append the rows, indented by 2 columns; the last column is not padded. */
void columns_put(
    const struct columns *, struct buf *, size_t width, bool ascii);

/* Append text as a cell shows it, cut to width. */
void columns_clean(struct buf *, struct str, size_t width, bool ascii);

/* Append a number with separators: 1,234,567. */
void columns_group(struct buf *, long long);

/* Append a bar for value of total, where total is width columns long. */
void columns_bar(
    struct buf *, long long value, long long total, size_t width, bool ascii);

#endif
