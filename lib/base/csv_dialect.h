/*
 * What spreadsheets and databases write in place of RFC 4180.
 */
#ifndef BASE_CSV_DIALECT_H
#define BASE_CSV_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

struct csv_dialect {
	char separator;
	/* A quote in a field without quotes is text, and so is the one that
	 * begins a field but has no partner before the next row. */
	bool loose_quotes;
	bool guards; /* fields like ="007", which keep their quotes */
	/* A carriage return alone ends each line; else it ends a row of
	 * full_row fields (0: none) before another one or the end. */
	bool cr_ends;
	size_t full_row;
};

#endif
