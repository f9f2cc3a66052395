/*
 * What the opt-out page and the register's commands need from the roster.
 */
#ifndef PORT_OPTOUT_OPTOUTS_LOOKUP_H
#define PORT_OPTOUT_OPTOUTS_LOOKUP_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"

/* The user id of a recipient key; absent unless exactly one user has it. */
int optouts_lookup_user(struct db *, struct str key, struct str *user_id,
    struct arena *, struct fail *);

/* The title of a course; its id without a title or for an unknown course. */
int optouts_lookup_course(struct db *, struct str id, struct str *title,
    struct arena *, struct fail *);

#endif
