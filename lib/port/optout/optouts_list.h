/*
 * Reading rows of the register of opt-outs, oldest first.
 */
#ifndef PORT_OPTOUT_OPTOUTS_LIST_H
#define PORT_OPTOUT_OPTOUTS_LIST_H

#include "port/optout/optout.h"

struct optouts;

/*
 * Visits the rows of a course, or of all when it is absent: the whole history,
 * or only the latest row of each user id and key.
 */
int optouts_list(struct optouts *, struct str course_id, bool history,
    optout_fn *, void *ctx, struct fail *);

/* Visits the history of a user id or recipient key; each may be absent. */
int optouts_list_person(struct optouts *, struct str user_id, struct str key,
    optout_fn *, void *ctx, struct fail *);

/*
 * Visits each user id and each key whose latest row in the course, or in "*",
 * is an opt-out; a name may come twice.
 */
int optouts_list_out(struct optouts *, struct str course_id, optout_name_fn *,
    void *ctx, struct fail *);

#endif
