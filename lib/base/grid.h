/*
 * Tables for a terminal: columns as wide as their cells, shrunk to fit.
 */
#ifndef BASE_GRID_H
#define BASE_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct grid;

/*
 * One letter a column: l left, and cut when the table is too wide; f left,
 * never cut; r right, never cut.
 */
struct grid *grid_new(const char *columns);
void grid_free(struct grid *);

/*
 * The next cell, row by row. Control characters, invisible ones and bytes
 * that are no UTF-8 become "?"; text from right to left is kept in its cell.
 */
void grid_cell(struct grid *, struct str);
void grid_text(struct grid *, const char *);
void grid_number(struct grid *, long long);

/*
 * Append the rows, indented by two columns; the last column is not padded.
 * width: of the terminal. ascii: cut with "~" in place of an ellipsis.
 */
void grid_put(const struct grid *, struct buf *, size_t width, bool ascii);

/* Append text made harmless in the same way, cut to width columns. */
void grid_clean(struct buf *, struct str, size_t width, bool ascii);

/* Append a number with thin groups: 1,234,567. */
void grid_group(struct buf *, long long);

/* Append a bar of value/total of width columns. */
void grid_bar(
    struct buf *, long long value, long long total, size_t width, bool ascii);

#endif
