/*
 * Tables for a terminal: columns as wide as their cells, shrunk to fit.
 */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct columns;

/*
 * One letter a column: l left, and cut when the table is too wide; f left,
 * never cut; r right, never cut.
 */
struct columns *columns_new(const char *columns);
void columns_free(struct columns *);

/*
 * The next cell, row by row. Control characters, invisible ones and bytes
 * that are no UTF-8 become "?"; text from right to left is kept in its cell.
 */
void columns_cell(struct columns *, struct str);
void columns_text(struct columns *, const char *);
void columns_number(struct columns *, long long);

/*
 * Append the rows, indented by two columns; the last column is not padded.
 * width: of the terminal. ascii: cut with "~" in place of an ellipsis.
 */
void columns_put(
    const struct columns *, struct buf *, size_t width, bool ascii);

/* Append text made harmless in the same way, cut to width columns. */
void columns_clean(struct buf *, struct str, size_t width, bool ascii);

/* Append a number with thin groups: 1,234,567. */
void columns_group(struct buf *, long long);

/* Append a bar of value/total of width columns. */
void columns_bar(
    struct buf *, long long value, long long total, size_t width, bool ascii);

#endif
