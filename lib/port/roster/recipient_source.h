/*
 * The sources of recipients: the roster, a file of records, a CSV file, an
 * admin's own query. Each offers its recipients to the audience; a refused one
 * is reported through the filter, and the others go on.
 *
 * Each function returns -1 with SYSTEM, or with TEMP if the database is locked.
 */
#ifndef PORT_ROSTER_RECIPIENT_SOURCE_H
#define PORT_ROSTER_RECIPIENT_SOURCE_H

#include "base/filter.h"
#include "mail/roster/course.h"
#include "port/roster/audience.h"
#include "port/roster/selection.h"

struct recipient_source {
	const struct course *course;
	struct audience *audience;
	struct filter *filter;
};

/* The people of the roster; emitted[i] counts those emitted for targets[i]. */
int recipient_source_roster(const struct recipient_source *, struct selection *,
    const struct target *targets, long long *emitted, struct fail *);

/* Recipient records, one a line, from the filter's input. */
int recipient_source_records(const struct recipient_source *, struct fail *);

/* A CSV file in the format of bm-import; "-" is standard input. */
int recipient_source_csv(
    const struct recipient_source *, const char *path, struct fail *);

/* The rows of a query on a SQLite file. */
int recipient_source_query(const struct recipient_source *, const char *path,
    const char *sql, int64_t timeout_ms, struct fail *);

#endif
