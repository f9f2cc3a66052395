/*
 * Where recipients come from: the roster, records or a CSV file made
 * elsewhere, a query of the admin's own. Each feeds the audience; whoever is
 * refused is reported through the filter, and the rest go on.
 */
#ifndef PORT_GATHER_H
#define PORT_GATHER_H

#include "base/filter.h"
#include "mail/roster/course.h"
#include "port/roster/audience.h"
#include "port/roster/selection.h"

struct gather {
	const struct course *course;
	struct audience *audience;
	struct filter *filter;
};

/* Emitted so far by each target are counted up in emitted[]. SYSTEM. */
int gather_roster(const struct gather *, struct selection *,
    const struct target *targets, long long *emitted, struct fail *);

/* Recipient records, one a line, from the filter's input. SYSTEM. */
int gather_records(const struct gather *, struct fail *);

/* A CSV file as bm-import reads it. SYSTEM. */
int gather_csv(const struct gather *, const char *path, struct fail *);

/* The rows of a query on another database file, or the same. SYSTEM, TEMP. */
int gather_query(const struct gather *, const char *path, const char *sql,
    int64_t timeout_ms, struct fail *);

#endif
