/*
 * Looks up targets in the roster: whether a cohort or track exists, and the
 * user ids of a hand-picked target.
 */
#ifndef PORT_ROSTER_TARGET_LOOKUP_H
#define PORT_ROSTER_TARGET_LOOKUP_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"
#include "mail/roster/target.h"
#include "port/db/db.h"

/*
 * Fill target.ids (in the arena) for a hand-picked target; "myself" is the
 * username, user id or address in `as`. A cohort or track that nobody of the
 * course has, and an unknown user or address, is SYSTEM with the nearest name.
 */
int target_lookup(struct db *, struct str course_id, struct target *,
    struct str as, struct arena *, struct fail *);

#endif
