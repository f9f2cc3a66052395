/*
 * A walk over the people of a course that targets mean: staff and those named
 * one by one first, then the enrolled ones, each part in the order of user
 * ids. It is one read transaction and needs the same memory for any class.
 */
#ifndef PORT_ROSTER_SELECTION_H
#define PORT_ROSTER_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/roster/target.h"
#include "port/db/db.h"

struct selection_params {
	struct str course_id;
	struct target *targets;
	size_t target_count;
	struct target
	    *except; /* whom these have is marked SELECTION_EXCLUDED */
	size_t except_count;
	struct str as;        /* who "myself" is; may be absent */
	int64_t login_cutoff; /* ms; a login before it is not recent; 0: any */
	bool asks_database;   /* the caller reads more than marks meanwhile */
};

/* Somebody whom a target has; strings are valid during the call. */
struct selection_person {
	struct target_person person;
	struct str email, key, name, username, data;
	int marks;
	const struct target *target; /* the first that says YES, or NULL */
	enum target_answer answer;   /* else why none of them does */
};

typedef int selection_fn(
    void *ctx, const struct selection_person *, struct fail *);

struct selection;

/*
 * Begin the transaction, look all targets up, make the marks. Without a target
 * the marks are all that is wanted, and the database is left with this: input
 * from elsewhere may take its time. SYSTEM for a target that does not exist.
 */
int selection_open(struct selection **, struct db *,
    const struct selection_params *, struct fail *);

/* Visit everybody; a failure of fn ends the walk. */
int selection_each(
    struct selection *, selection_fn *, void *ctx, struct fail *);

/* Ends the transaction, too. */
void selection_close(struct selection *);

#endif
