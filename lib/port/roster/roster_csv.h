/*
 * The people of a CSV file, row by row, in constant memory.
 */
#ifndef PORT_ROSTER_ROSTER_CSV_H
#define PORT_ROSTER_ROSTER_CSV_H

#include "base/fail.h"
#include "mail/roster/roster_row.h"

struct roster_csv;

/*
 * Open the file ("-" is standard input) and read its header line. SYSTEM when
 * that cannot be done or the header cannot be used.
 */
int roster_csv_open(struct roster_csv **, const char *path, struct fail *);
void roster_csv_close(struct roster_csv *);

/* For messages: the path or "stdin"; valid as long as the path is. */
const char *roster_csv_name(const struct roster_csv *);

/* Valid until roster_csv_close(). */
const struct roster_columns *roster_csv_columns(const struct roster_csv *);

/*
 * 1 with the next person, valid until the next call; 0 at the end; -1 with
 * DATA for a row that cannot be used, and the next call goes on behind it, or
 * with SYSTEM. *line is where the row starts.
 */
int roster_csv_next(struct roster_csv *, struct roster_row *,
    unsigned long *line, struct fail *);

#endif
