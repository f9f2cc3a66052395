/*
 * A row of the register of opt-outs (optouts.h), and what is read of it.
 */
#ifndef PORT_OPTOUT_OPTOUT_H
#define PORT_OPTOUT_OPTOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

struct optout {
	struct str course_id; /* or "*" */
	struct str user_id;   /* may be absent */
	struct str key;       /* recipient key; may be absent */
	bool out;             /* false: in again */
	struct str source;    /* page, one-click, mail, complaint ... */
	struct str reason;    /* may be absent */
	int64_t at;           /* ms since 1970 */
	struct str link;      /* the course of the link that made it, if any */
};

/* The state of a person in one scope. */
struct optout_standing {
	bool out;
	bool own;  /* by the person's own act, not an operator's or a bounce */
	bool kept; /* by an act that the link may not take back */
};

/* Called with a row, borrowed for the call; a failure ends the visit. */
typedef int optout_fn(void *ctx, const struct optout *, struct fail *);

/* Called with one name of a person; the other one is absent. Both borrowed. */
typedef int optout_name_fn(
    void *ctx, struct str user_id, struct str key, struct fail *);

#endif
