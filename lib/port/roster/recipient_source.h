/*
 * Where recipients come from: the roster, records or a CSV file made
 * elsewhere, a query of the admin's own. Each feeds the audience; whoever is
 * refused is reported through the filter, and the rest go on.
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

/* Emitted so far by each target are counted up in emitted[]. SYSTEM. */
int recipient_source_roster(const struct recipient_source *, struct selection *,
    const struct target *targets, long long *emitted, struct fail *);

/* Recipient records, one a line, from the filter's input. SYSTEM. */
int recipient_source_records(const struct recipient_source *, struct fail *);

/* A CSV file as bm-import reads it. SYSTEM. */
int recipient_source_csv(
    const struct recipient_source *, const char *path, struct fail *);

/* The rows of a query on another database file, or the same. SYSTEM, TEMP. */
int recipient_source_query(const struct recipient_source *, const char *path,
    const char *sql, int64_t timeout_ms, struct fail *);

#endif
