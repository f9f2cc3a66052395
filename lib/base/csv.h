/*
 * Reads CSV (RFC 4180) row by row in constant memory: CRLF or LF, UTF-8 with
 * or without a byte order mark; or a dialect of it.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/csv_dialect.h"
#include "base/fail.h"
#include "base/str.h"

#define CSV_FIELD_MAX (1024 * 1024) /* bytes in one field */
#define CSV_FIELDS_MAX 16384        /* fields in one row, as in Excel */

struct csv;

struct csv_row {
	const struct str *fields; /* NUL-terminated; valid until the next row */
	size_t count;
	unsigned long line; /* where the row starts, from 1 */
	bool bad_utf8;      /* of a refused row: that is the reason */
	bool cut;           /* the file ends without the end of this line */
	bool gap;           /* empty lines stand before it */
};

/* The stream is borrowed. */
struct csv *csv_new(FILE *);
void csv_free(struct csv *);

/* Before the first row, or between two; without it the file is RFC 4180. */
void csv_set_dialect(struct csv *, const struct csv_dialect *);

/*
 * 1 with the next row, 0 at the end of the file. Empty lines are skipped. -1:
 *
 * DATA for a row that is refused: a NUL, invalid UTF-8, a carriage return
 * without line feed outside quotes, a field over CSV_FIELD_MAX, more than
 * CSV_FIELDS_MAX fields, a row over 16 MiB. The next call goes on behind the
 * row, whose end is where its quotes say (RFC 4180, 2.6).
 *
 * SYSTEM for broken quoting, with the line of the quote in row->line: a quote
 * in a field without quotes, text behind a closing quote, a quote that is
 * never closed. What is a row and what a cell of one is unknown from there
 * on, and the rows before may be misread as well: use none of them. SYSTEM
 * with line 0 for UTF-16 and for a read error.
 */
int csv_next(struct csv *, struct csv_row *, struct fail *);

/* The remedy, printed behind the reason for which a file is refused. */
#define CSV_REMEDY                                                      \
	"write a quote inside a field twice, and the field in quotes; " \
	"nothing of the file is used"

#endif
