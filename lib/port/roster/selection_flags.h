/*
 * Flags of people, in TEMP tables, so that memory does not grow with the
 * course: opted out, staff, picked, excluded, shares an address. The tables
 * live within the caller's transaction. Functions fail as db_step().
 */
#ifndef PORT_ROSTER_SELECTION_FLAGS_H
#define PORT_ROSTER_SELECTION_FLAGS_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"
#include "port/optout/optouts_list.h"

enum selection_flag {
	SELECTION_OPTED_OUT = 1,   /* of the course or of all mail */
	SELECTION_STAFF = 2,       /* staff or instructor of the course */
	SELECTION_PICKED = 4,      /* named by a target */
	SELECTION_EXCLUDED = 8,    /* by --except */
	SELECTION_SHARED_KEY = 16, /* another user has the same key */
};

/* Make the tables and flag everyone who has opted out. */
int selection_flags_make(
    struct db *, struct optouts *, struct str course_id, struct fail *);

int selection_flags_add_staff(struct db *, struct str course_id, struct fail *);
int selection_flags_add_picked(struct db *, struct str user_id, struct fail *);

/*
 * Collect a user id and a recipient key to exclude (either may be absent);
 * after the last one, flag everyone who has a collected id or key.
 */
int selection_flags_exclude(
    struct db *, struct str user_id, struct str key, struct fail *);
int selection_flags_add_excluded(struct db *, struct fail *);

/*
 * Flag everyone who shares a key. For a small course it is cheaper to treat
 * everyone so: then *all is true, and nothing is flagged.
 */
int selection_flags_add_shared(
    struct db *, struct str course_id, bool *all, struct fail *);

/* The flags of this user id and key; either may be absent or unknown. */
int selection_flags_find(
    struct db *, struct str user_id, struct str key, int *flags, struct fail *);

/* Remember the key; *first is false if it was remembered before. */
int selection_flags_take_key(
    struct db *, struct str key, bool *first, struct fail *);

#endif
