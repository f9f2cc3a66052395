/*
 * Reads CSV (RFC 4180) row by row in constant memory: CRLF or LF, UTF-8 with
 * or without a byte order mark.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stddef.h>
#include <stdio.h>

#include "base/fail.h"
#include "base/str.h"

#define CSV_FIELD_MAX (1024 * 1024) /* bytes in one field */

struct csv;

struct csv_row {
	const struct str *fields; /* NUL-terminated; valid until the next row */
	size_t count;
	unsigned long line; /* where the row starts, from 1 */
};

/* The stream is borrowed. */
struct csv *csv_new(FILE *);
void csv_free(struct csv *);

/*
 * 1 with the next row, 0 at the end of the file. -1 with DATA for an invalid
 * row (a stray or unclosed quote, NUL, invalid UTF-8, a field over
 * CSV_FIELD_MAX, a row over 16 MiB): row->line is set, and the next call goes
 * on behind that line. -1 with SYSTEM for a read error. Empty lines are
 * skipped.
 */
int csv_next(struct csv *, struct csv_row *, struct fail *);

#endif
