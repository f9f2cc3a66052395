/*
 * A roster on its way into the database: gathered in TEMP tables, compared
 * with what is stored, and only the difference written, in transactions so
 * short that a sender does not notice.
 */
#ifndef PORT_ROSTER_STAGING_H
#define PORT_ROSTER_STAGING_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/roster/roster_row.h"
#include "port/db/db.h"

struct staging_params {
	struct str course_id;
	struct str role; /* the rows are holders of it; absent: learners */
	bool sync;       /* who is missing loses the enrolment or the role */
	const struct roster_row_columns *columns;
};

/* How the database would change, in people. */
struct staging_diff {
	long long rows, unchanged;
	long long users_added, users_changed;
	long long enrolled, enrollments_changed, unenrolled;
	long long roles_added;
	long long removed; /* by sync: un-enrolled, or bereft of the role */
};

struct staging;

/* The database and what params points to stay the caller's. */
int staging_new(struct staging **, struct db *, const struct staging_params *,
    struct fail *);
void staging_free(struct staging *);

/* DATA when the person is of another course. */
int staging_add(struct staging *, unsigned long line, const struct roster_row *,
    struct fail *);

/* Told of each row that is refused once all are known. */
typedef void staging_refuse_fn(
    void *ctx, unsigned long line, const struct fail *);

/*
 * After the last row: find out who is who. A row without id is the person of
 * that username, else of that address, else a new one.
 */
int staging_resolve(
    struct staging *, staging_refuse_fn *, void *ctx, struct fail *);

/* Compare; then apply. The course must exist for the latter. */
int staging_compare(struct staging *, struct staging_diff *, struct fail *);
int staging_apply(struct staging *, struct fail *);

#endif
