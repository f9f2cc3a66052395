/*
 * The rows of the table that the header line names, as the file has them, and
 * those of other tables behind it, which are left out.
 */
#ifndef PORT_ROSTER_ROSTER_ROWS_H
#define PORT_ROSTER_ROSTER_ROWS_H

#include "base/csv.h"
#include "mail/roster/roster_table.h"

#define ROSTER_ROWS_HELD 8 /* rows that may be headings */

/* Another table in the file. */
struct roster_rows_rest {
	unsigned long line; /* of its heading or titles; 0: there is none */
	long long rows;     /* so far */
	const char *word;   /* its heading, or its first title */
};

struct roster_rows {
	struct csv *csv;
	const struct roster_columns *columns;
	struct roster_rows_rest rest;
	int rest_email; /* the column of its addresses, or -1 */
	bool behind;    /* the last row was empty or a heading */
	/* Rows of which the next one tells whether they are headings, copied;
	 * then the row behind them. */
	struct csv_row held[ROSTER_ROWS_HELD], next;
	size_t held_at, held_count;
	bool has_next;
	int next_status; /* of csv_next() */
	struct fail next_fail;
	struct arena *kept, *ahead, *scratch;
};

/* Behind the header line; all is borrowed. A zeroed one may be freed. */
void roster_rows_init(
    struct roster_rows *, struct csv *, const struct roster_columns *);
void roster_rows_free(struct roster_rows *);

enum roster_table_row roster_rows_judge(
    struct roster_rows *, const struct csv_row *);

/* As csv_next(), and 0 as well before the titles of another table. */
int roster_rows_next(struct roster_rows *, struct csv_row *, struct fail *);

/* As roster_csv_skip(), with the line of a failure. */
int roster_rows_skip(
    struct roster_rows *, struct str *key, unsigned long *line, struct fail *);

#endif
