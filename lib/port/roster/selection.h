/*
 * A walk over the people of a course that targets select: first staff and the
 * hand-picked, then the enrolled, each part in the order of user ids. It is one
 * read transaction, and its memory does not grow with the course.
 */
#ifndef PORT_ROSTER_SELECTION_H
#define PORT_ROSTER_SELECTION_H

#include <stddef.h>

#include "mail/roster/target.h"
#include "port/db/db.h"

struct optouts;

struct selection_params {
	struct str course_id;
	struct optouts *optouts; /* the register */
	struct target *targets;
	size_t target_count;
	struct target *except; /* their people are flagged EXCLUDED */
	size_t except_count;
	struct str as;        /* the user of target "myself"; may be absent */
	int64_t login_cutoff; /* ms; earlier logins are old; 0: none is */
	int64_t login_before; /* ms; only earlier logins count; 0: all do */
	bool login_never;     /* people without a login count, or only they */
	bool reads_ledger;    /* the caller reads the ledger meanwhile */
};

/* A person that a target selects; strings are valid during the call. */
struct selection_person {
	struct target_person person;
	struct str email, key, name, username, data;
	int flags;                   /* see selection_flags.h */
	const struct target *target; /* the first that says YES, or NULL */
	enum target_answer answer;   /* YES, or why no target says so */
};

typedef int selection_fn(
    void *ctx, const struct selection_person *, struct fail *);

struct selection;

/*
 * Begin the transaction, look up the targets and flag the people. Without
 * targets only the flags are made, and the database is released, since other
 * input may take its time. An unknown target is SYSTEM. Call selection_close()
 * after a failure too.
 */
int selection_open(struct selection **, struct db *,
    const struct selection_params *, struct fail *);

/* Visit each person; a failure of fn ends the walk. */
int selection_each(
    struct selection *, selection_fn *, void *ctx, struct fail *);

/* Ends the transaction. */
void selection_close(struct selection *);

#endif
