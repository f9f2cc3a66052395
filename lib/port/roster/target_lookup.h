/*
 * Targets looked up in the roster: that a cohort or track exists, and whom a
 * hand-picked one stands for.
 */
#ifndef PORT_ROSTER_TARGET_LOOKUP_H
#define PORT_ROSTER_TARGET_LOOKUP_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"
#include "mail/roster/target.h"
#include "port/db/db.h"

/*
 * Fill target.ids (in the arena). "myself" is the user, user id or address of
 * --as. SYSTEM, naming a near one, when the course has no such cohort or
 * track, or the roster no such user or address.
 */
int target_lookup(struct db *, struct str course_id, struct target *,
    struct str as, struct arena *, struct fail *);

#endif
