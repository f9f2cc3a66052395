/*
 * Brings a roster into the database: rows are staged in TEMP tables, compared
 * with the stored people, and only the difference is written, in transactions
 * so short that a sender does not notice.
 */
#ifndef PORT_ROSTER_STAGING_H
#define PORT_ROSTER_STAGING_H

#include "port/db/db.h"
#include "port/roster/staging_params.h"

/* How the database would change; counts of people but for rows. */
struct staging_diff {
	long long rows, unchanged;
	long long users_added, users_changed;
	long long enrolled, enrollments_changed, unenrolled;
	long long roles_added;
	long long removed; /* by sync: enrolments ended, or roles removed */
	long long moved;   /* another address */
	/* Of the course (or role): who comes, stays otherwise, leaves. */
	long long came, changed, left;
	long long away; /* left before; the file does not say otherwise */
};

struct staging;

/*
 * Make the TEMP tables and begin a transaction on them. Borrows the database
 * and the pointers in params. SYSTEM.
 */
int staging_open(struct staging **, struct db *, const struct staging_params *,
    struct fail *);

/* A transaction that staging_resolve() has not ended is db_close()'s. */
void staging_close(struct staging *);

/* Stage one row. DATA if it names another course. */
int staging_add(struct staging *, unsigned long line, const struct roster_row *,
    struct fail *);

/*
 * After the last row: give each row a user id, and refuse a second row of the
 * same id. A row without an id gets that of the user of the source with its
 * username, else with its address, else becomes a new user.
 */
int staging_resolve(
    struct staging *, const struct staging_hooks *, struct fail *);

/*
 * Compare with the database, and refuse rows that would make another person of
 * a stored one; nothing is written yet.
 */
int staging_compare(struct staging *, const struct staging_hooks *,
    struct staging_diff *, struct fail *);

/* Write the difference. The course must exist. SYSTEM, TEMP as
 * transaction_begin(). */
int staging_apply(struct staging *, struct fail *);

#endif
