/*
 * The register of opt-outs: an append-only history (table optouts). The latest
 * row for a person and scope is the current state. A scope is a course, or "*"
 * for all mail; a person is a user id or a recipient key, and either match
 * counts. An empty user id or key counts as absent. Failures are SYSTEM or
 * TEMP, but for optouts_restore().
 */
#ifndef PORT_OPTOUT_OPTOUTS_H
#define PORT_OPTOUT_OPTOUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"

struct optout {
	struct str course_id; /* or "*" */
	struct str user_id;   /* may be absent */
	struct str key;       /* recipient key; may be absent */
	bool out;             /* false: in again */
	struct str source;    /* page one-click mail operator import bounce */
	struct str reason;    /* may be absent */
	int64_t at;           /* ms since 1970 */
};

/* *out: the person must not be mailed about the course. */
int optouts_check(struct db *, struct str course_id, struct str user_id,
    struct str key, bool *out, struct fail *);

/* The state of a person in one scope. */
struct optouts_standing {
	bool out;
	bool own; /* by the person's own act, not an operator's or a bounce */
};

int optouts_standing(struct db *, struct str scope, struct str user_id,
    struct str key, struct optouts_standing *, struct fail *);

/*
 * Appends one row, unless it would change nothing: the person is out already
 * (by an own act, if this is one), or in. *added tells; added may be NULL. put
 * belongs into a transaction of the caller; add makes its own, and the row is
 * durable when it returns.
 */
int optouts_put(struct db *, const struct optout *, bool *added, struct fail *);
int optouts_add(struct db *, const struct optout *, bool *added, struct fail *);

/*
 * Takes back the opt-outs of a person in one scope, under every name; o has
 * the names, scope, source and reason (o->out is not used). *count is the
 * number of rows appended. DATA, and no change, when the person opted out in
 * person and has not asked.
 */
int optouts_restore(struct db *, const struct optout *o, bool person_asked,
    long long *count, struct fail *);

#endif
