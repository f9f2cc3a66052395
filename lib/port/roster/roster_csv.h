/*
 * The rows of a roster's CSV file, one after another, in constant memory.
 */
#ifndef PORT_ROSTER_ROSTER_CSV_H
#define PORT_ROSTER_ROSTER_CSV_H

#include "base/fail.h"
#include "mail/roster/roster_row.h"
#include "port/roster/roster_rows.h"
#include "port/roster/roster_sheet.h"

struct roster_csv;

/* Rows that are of nobody, so far. */
struct roster_csv_skipped {
	long long empty, totals;
	unsigned long totals_line; /* of the first */
	const char *totals_word;
};

/*
 * Open the file and read its header line. SYSTEM if the file cannot be read
 * or its header cannot be used. The params are borrowed.
 */
int roster_csv_open(
    struct roster_csv **, const struct roster_sheet_params *, struct fail *);
void roster_csv_close(struct roster_csv *);

/* For messages: "stdin" or the path, borrowed from roster_csv_open(). */
const char *roster_csv_name(const struct roster_csv *);

/* Valid until roster_csv_close(); the last one is the header's. */
const struct roster_columns *roster_csv_columns(const struct roster_csv *);
const struct roster_sheet *roster_csv_sheet(const struct roster_csv *);
const struct roster_csv_skipped *roster_csv_skipped(const struct roster_csv *);
const struct roster_rows_rest *roster_csv_rest(const struct roster_csv *);
unsigned long roster_csv_header_line(const struct roster_csv *);

/*
 * 1: the next row, valid until the next call. 0: end of the table. -1: DATA for
 * a row that cannot be used, and the next call reads the row after it; or
 * SYSTEM, as of csv_next(): the rows before must not be used either. *line is
 * the row's first line.
 */
int roster_csv_next(struct roster_csv *, struct roster_row *,
    unsigned long *line, struct fail *);

/*
 * Behind the table: 1 with the key of the next address that is left out, valid
 * until the next call; 0 at the end of the file; -1: SYSTEM, as above.
 */
int roster_csv_skip(struct roster_csv *, struct str *key, struct fail *);

#endif
