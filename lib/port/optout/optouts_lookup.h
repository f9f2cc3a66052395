/*
 * What the opt-out page and the register's commands need from the roster.
 */
#ifndef PORT_OPTOUT_OPTOUTS_LOOKUP_H
#define PORT_OPTOUT_OPTOUTS_LOOKUP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"

/* The user id of a recipient key; absent unless exactly one user has it. */
int optouts_lookup_user(struct db *, struct str key, struct str *user_id,
    struct arena *, struct fail *);

/* The number of users with a recipient key, and the greatest id of theirs. */
int optouts_lookup_users(struct db *, struct str key, long long *count,
    struct str *user_id, struct arena *, struct fail *);

/* The same for a user name, or, if no user has it, for a user id. */
int optouts_lookup_name(struct db *, struct str name, long long *count,
    struct str *user_id, struct arena *, struct fail *);

/* The recipient key of a user; absent for an unknown id. */
int optouts_lookup_key(struct db *, struct str user_id, struct str *key,
    struct arena *, struct fail *);

/*
 * Has the database the course: in the roster, by a mailing, or, if registered,
 * by any opt-out? *none: it has no course at all but for opt-outs.
 */
int optouts_lookup_scope(struct db *, struct str course_id, bool registered,
    bool *known, bool *none, struct fail *);

/* The title of a course; its id without a title or for an unknown course. */
int optouts_lookup_course(struct db *, struct str id, struct str *title,
    struct arena *, struct fail *);

#endif
