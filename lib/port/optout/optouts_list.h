/*
 * Reading rows of the register of opt-outs, oldest first.
 */
#ifndef PORT_OPTOUT_OPTOUTS_LIST_H
#define PORT_OPTOUT_OPTOUTS_LIST_H

#include <stdbool.h>

#include "port/optout/optouts.h"

/* Called with a row, borrowed for the call; a failure ends the visit. */
typedef int optouts_list_fn(void *ctx, const struct optout *, struct fail *);

/*
 * Visits the rows of a course, or of all when it is absent: the whole history,
 * or only the latest row of each user id and key.
 */
int optouts_list(struct db *, struct str course_id, bool history,
    optouts_list_fn *, void *ctx, struct fail *);

/* Visits the history of a user id or recipient key; each may be absent. */
int optouts_list_person(struct db *, struct str user_id, struct str key,
    optouts_list_fn *, void *ctx, struct fail *);

#endif
