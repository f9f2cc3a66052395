/*
 * What kind of sheet a roster file is: its encoding, its separator, the line
 * that names the columns.
 */
#ifndef PORT_ROSTER_ROSTER_SHEET_H
#define PORT_ROSTER_ROSTER_SHEET_H

#include <stdio.h>

#include "base/csv_dialect.h"
#include "base/decode.h"
#include "base/fail.h"
#include "mail/roster/roster_columns.h"

/* What the user says; the rest is told by the file. */
struct roster_sheet_params {
	const char *path;     /* "-" is standard input */
	const char *encoding; /* NULL: UTF-8, or by its byte order mark */
	char separator;       /* 0: by the header line */
	struct roster_columns_choices choices;
};

struct roster_sheet {
	FILE *in;
	struct decode *decode;
	struct csv_dialect dialect;
	size_t before; /* rows before the header line */
	/* Those of them that are text; sep=; and #TYPE are none. */
	size_t preamble;
};

/*
 * Open the file and look at its first 64 KiB; the arena is for the while. The
 * separator is the one by which a row of the first thirty is a header line; of
 * two the one with the earlier row, and then with more columns. SYSTEM as of
 * decode_open(), and if the file cannot be opened.
 */
int roster_sheet_open(struct roster_sheet *, const struct roster_sheet_params *,
    struct arena *, struct fail *);
void roster_sheet_close(struct roster_sheet *);

/* Whether days or months come first in the first rows of a column. */
enum roster_time_order roster_sheet_order(
    const struct roster_sheet *, size_t column);

/* The first column that has an address in the rows behind the first, or -1. */
int roster_sheet_addresses(const struct roster_sheet *);

#endif
