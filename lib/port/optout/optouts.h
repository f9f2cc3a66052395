/*
 * The register of opt-outs: an append-only history, which a store keeps
 * (store->optouts). The latest row for a person and scope is the current state.
 * A scope is a course, or "*" for all mail; a person is a user id or a
 * recipient key, and either match counts. An empty user id or key counts as
 * absent. Failures are SYSTEM or TEMP, but for optouts_restore().
 */
#ifndef PORT_OPTOUT_OPTOUTS_H
#define PORT_OPTOUT_OPTOUTS_H

#include "port/optout/optout.h"

struct optouts; /* of a store */

/* *out: the person must not be mailed about the course. */
int optouts_check(struct optouts *, struct str course_id, struct str user_id,
    struct str key, bool *out, struct fail *);

/* The state of a person in one scope. kept: an absent link stands for any, as
 * does a link that the register does not name. */
int optouts_standing(struct optouts *, struct str scope, struct str user_id,
    struct str key, struct str link, struct optout_standing *, struct fail *);

/*
 * Appends one row, unless it would change nothing: the person is out already
 * (by an own act, if this is one), or in. *added tells; added may be NULL. put
 * enters the hidden key (hidden_key.h) of a person whom a link names, but
 * neither roster nor mailings know: who was forgotten stays so. A link that
 * toggles all day replaces its last row (optouts_day.h). put belongs into a
 * transaction of its store; add makes its own, and the row is then durable.
 */
int optouts_put(
    struct optouts *, const struct optout *, bool *added, struct fail *);
int optouts_add(
    struct optouts *, const struct optout *, bool *added, struct fail *);

/*
 * Takes back the opt-outs of a person in one scope, under every name; o has
 * the names, scope, source and reason (o->out is not used). *count is the
 * number of rows appended. DATA, and no change, when the person opted out in
 * person and has not asked.
 */
int optouts_restore(struct optouts *, const struct optout *o, bool person_asked,
    long long *count, struct fail *);

/* The same for the link o->link, in a transaction; DATA, and no change, when
 * some stop is kept from it. */
int optouts_undo(
    struct optouts *, const struct optout *o, long long *count, struct fail *);

/* *has: some row is of the course. */
int optouts_has_course(
    struct optouts *, struct str course_id, bool *has, struct fail *);

/* The persons whom a row from since on (ms since 1970) took out of the course,
 * or of all mail. */
int optouts_count(struct optouts *, struct str course_id, int64_t since,
    long long *count, struct fail *);

#endif
