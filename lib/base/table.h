/*
 * Tables for a terminal: columns as wide as their cells, shrunk to fit.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct table;

/*
 * One letter a column: l left, and cut when the table is too wide; f left,
 * never cut; r right, never cut.
 */
struct table *table_new(const char *columns);
void table_free(struct table *);

/*
 * The next cell, row by row. Control characters, invisible ones and bytes
 * that are no UTF-8 become "?"; text from right to left is kept in its cell.
 */
void table_cell(struct table *, struct str);
void table_text(struct table *, const char *);
void table_number(struct table *, long long);

/*
 * Append the rows, indented by two columns; the last column is not padded.
 * width: of the terminal. ascii: cut with "~" in place of an ellipsis.
 */
void table_put(const struct table *, struct buf *, size_t width, bool ascii);

/* Append text made harmless in the same way, cut to width columns. */
void table_clean(struct buf *, struct str, size_t width, bool ascii);

/* Append a number with thin groups: 1,234,567. */
void table_group(struct buf *, long long);

/* Append a bar of value/total of width columns. */
void table_bar(
    struct buf *, long long value, long long total, size_t width, bool ascii);

#endif
