/*
 * The register of who said no: an append-only history (table optouts). The
 * latest row for a person and scope is the current state; scope is a course
 * or "*" for all mail; a person is a user id or a recipient key, and either
 * match counts. An empty user id or key is as good as an absent one.
 */
#ifndef PORT_OPTOUT_OPTOUTS_H
#define PORT_OPTOUT_OPTOUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
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

/* May this person not be mailed about this course? A read of its own. */
int optouts_check(struct db *, struct str course_id, struct str user_id,
    struct str key, bool *out, struct fail *);

/* How a person stands in one scope. */
struct optouts_standing {
	bool out;
	bool own; /* by the person's own act, not an operator's or a bounce */
};

int optouts_standing(struct db *, struct str scope, struct str user_id,
    struct str key, struct optouts_standing *, struct fail *);

/*
 * Append one row, unless it would change nothing: the person is out already
 * (and by an act of his own, if this is one), or in. added may be NULL. put
 * is for a transaction of the caller; add makes one of its own, and the row
 * is durable when it returns.
 */
int optouts_put(struct db *, const struct optout *, bool *added, struct fail *);
int optouts_add(struct db *, const struct optout *, bool *added, struct fail *);

/*
 * Take back what stands against a person in one scope, by whichever name; o
 * says who, where and why (its out is not looked at). *count is the number
 * of rows appended: 0 when nothing stood. DATA, and nothing is changed, when
 * an own act stands and the person has not asked.
 */
int optouts_restore(struct db *, const struct optout *o, bool person_asked,
    long long *count, struct fail *);

/* The user id of a key in the roster; absent unless exactly one has it. */
int optouts_find_user(struct db *, struct str key, struct str *user_id,
    struct arena *, struct fail *);

/* The title of a course; the id itself when it has none or is gone. */
int optouts_course(struct db *, struct str id, struct str *title,
    struct arena *, struct fail *);

/*
 * Visit rows, oldest first; a failure of fn stops. list: the whole history,
 * or what counts now (the latest row of a user id or of a key); an absent
 * course means all. person: the history of a user id or key.
 */
typedef int optouts_fn(void *ctx, const struct optout *, struct fail *);
int optouts_list(struct db *, struct str course_id, bool history, optouts_fn *,
    void *ctx, struct fail *);
int optouts_person(struct db *, struct str user_id, struct str key,
    optouts_fn *, void *ctx, struct fail *);

/*
 * Append what stands in the register for the key of a person whose data were
 * erased: its SHA-256. It still counts against the address.
 */
void optouts_hide(struct buf *, struct str key);
bool optouts_is_hidden(struct str key);

#endif
