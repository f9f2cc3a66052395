/*
 * Where a table of a file ends: rows that are titles once more, and headings.
 */
#ifndef MAIL_ROSTER_ROSTER_TABLE_H
#define MAIL_ROSTER_ROSTER_TABLE_H

#include "base/arena.h"
#include "mail/roster/roster_columns.h"

enum roster_table_row {
	ROSTER_TABLE_ROW,     /* of a person, or of anything else */
	ROSTER_TABLE_EMPTY,   /* nothing but separators */
	ROSTER_TABLE_HEADING, /* one filled cell, without an at sign */
	ROSTER_TABLE_SAME,   /* the header line again, or a translation of it */
	ROSTER_TABLE_TITLES, /* of another table, if it is set apart */
};

/*
 * What a row behind the header line is. Titles are two different cells at
 * least, with letters, that the table of synonyms or the header line has; no
 * cell has an at sign. A row with one in its column of addresses is told at
 * once. The arena is for the while.
 */
enum roster_table_row roster_table_judge(const struct roster_columns *,
    const struct str *fields, size_t count, struct arena *);

/* The column that has the addresses by these titles, or -1. */
int roster_table_emails(const struct roster_columns *, const struct str *titles,
    size_t count, struct arena *);

#endif
