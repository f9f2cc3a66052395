/*
 * The rows of a roster's CSV file, one after another, in constant memory.
 */
#ifndef PORT_ROSTER_ROSTER_CSV_H
#define PORT_ROSTER_ROSTER_CSV_H

#include "base/fail.h"
#include "mail/roster/roster_row.h"

struct roster_csv;

/*
 * Open the file ("-" is standard input) and read its header line. SYSTEM if
 * the file cannot be read or its header cannot be used.
 */
int roster_csv_open(struct roster_csv **, const char *path, struct fail *);
void roster_csv_close(struct roster_csv *);

/* For messages: "stdin" or the path, borrowed from roster_csv_open(). */
const char *roster_csv_name(const struct roster_csv *);

/* Valid until roster_csv_close(). */
const struct roster_columns *roster_csv_columns(const struct roster_csv *);

/*
 * 1: the next row, valid until the next call. 0: end of file. -1: DATA for a
 * row that cannot be used, and the next call reads the row after it; or
 * SYSTEM, as of csv_next(): the rows before must not be used either. *line is
 * the row's first line.
 */
int roster_csv_next(struct roster_csv *, struct roster_row *,
    unsigned long *line, struct fail *);

#endif
