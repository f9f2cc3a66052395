/*
 * The people of a CSV file, row by row, in constant memory.
 */
#ifndef PORT_PEOPLE_H
#define PORT_PEOPLE_H

#include "base/fail.h"
#include "mail/roster/roster_row.h"

struct people;

/*
 * Open the file ("-" is standard input) and read its header line. SYSTEM when
 * that cannot be done or the header cannot be used.
 */
int people_open(struct people **, const char *path, struct fail *);
void people_close(struct people *);

/* For messages: the path or "stdin"; valid as long as the path is. */
const char *people_name(const struct people *);

/* Valid until people_close(). */
const struct person_columns *people_columns(const struct people *);

/*
 * 1 with the next person, valid until the next call; 0 at the end; -1 with
 * DATA for a row that cannot be used, and the next call goes on behind it, or
 * with SYSTEM. *line is where the row starts.
 */
int people_next(
    struct people *, struct person *, unsigned long *line, struct fail *);

#endif
