/*
 * The register of who said no: an append-only history (table optouts). The
 * latest row for a person and scope is the current state; scope is a course
 * or "*" for all mail; a person is a user id or a recipient key, and either
 * match counts.
 */
#ifndef PORT_OPTOUTS_H
#define PORT_OPTOUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"
#include "port/db.h"

struct optout {
	struct str course_id; /* or "*" */
	struct str user_id;   /* may be absent */
	struct str key;       /* recipient key; may be absent */
	bool out;             /* false: in again */
	struct str source;    /* page one-click mail operator import bounce */
	struct str reason;    /* may be absent */
	int64_t at;           /* ms since 1970 */
};

/* May this person not be mailed about this course? A read of its own. */
int optouts_check(struct db *, struct str course_id, struct str user_id,
    struct str key, bool *out, struct fail *);

/* Append one row in a transaction of its own. */
int optouts_add(struct db *, const struct optout *, struct fail *);

/* Visit the history or the current state, oldest first; DATA from fn stops. */
typedef int optouts_fn(void *ctx, const struct optout *, struct fail *);
int optouts_list(struct db *, struct str course_id, bool history, optouts_fn *,
    void *ctx, struct fail *);

#endif
