/*
 * What the opt-out page and the register's commands need from the roster.
 */
#ifndef PORT_ROSTER_ROSTER_LOOKUP_H
#define PORT_ROSTER_ROSTER_LOOKUP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"

/* The user id of a recipient key; absent unless exactly one user has it. */
int roster_lookup_user(struct db *, struct str key, struct str *user_id,
    struct arena *, struct fail *);

/* The number of users with a recipient key, and the greatest id of theirs. */
int roster_lookup_users(struct db *, struct str key, long long *count,
    struct str *user_id, struct arena *, struct fail *);

/* The same for a user name, or, if no user has it, for a user id. */
int roster_lookup_name(struct db *, struct str name, long long *count,
    struct str *user_id, struct arena *, struct fail *);

/* The recipient key of a user; absent for an unknown id. */
int roster_lookup_key(struct db *, struct str user_id, struct str *key,
    struct arena *, struct fail *);

/*
 * Has the database the course, in the roster or by a mailing? *none: it has no
 * course at all.
 */
int roster_lookup_scope(
    struct db *, struct str course_id, bool *known, bool *none, struct fail *);

/* The title of a course; its id without a title or for an unknown course. */
int roster_lookup_course(struct db *, struct str id, struct str *title,
    struct arena *, struct fail *);

#endif
