/*
 * What is known about people before a selection walks over them, in TEMP
 * tables, so that memory does not grow with the class: who has opted out, who
 * is staff, who is left out, who shares an address with another account.
 */
#ifndef PORT_ROSTER_SELECTION_FLAGS_H
#define PORT_ROSTER_SELECTION_FLAGS_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"

enum selection_flag {
	SELECTION_OPTED_OUT = 1, /* opted out of the course or of all mail */
	SELECTION_STAFF = 2,     /* staff or instructor of the course */
	SELECTION_PICKED = 4,    /* named by a target */
	SELECTION_EXCLUDED = 8,  /* left out by --except */
	SELECTION_SHARED_KEY =
	    16, /* another account has the same recipient key */
};

/* Make the tables, within the caller's read transaction, and mark
 * SELECTION_OPTED_OUT. */
int selection_flags_make(struct db *, struct str course_id, struct fail *);

int selection_flags_add_staff(struct db *, struct str course_id, struct fail *);
int selection_flags_add_picked(struct db *, struct str user_id, struct fail *);

/* Leave out this person and key; either may be absent. Then mark them. */
int selection_flags_subtract(
    struct db *, struct str user_id, struct str key, struct fail *);
int selection_flags_add_minus(struct db *, struct fail *);

/*
 * Mark who shares a key. *all is set instead when the course is so small that
 * it is cheaper to treat everybody like that.
 */
int selection_flags_add_shared(
    struct db *, struct str course_id, bool *all, struct fail *);

/* The marks of anybody; user id or key may be absent. */
int selection_flags_of(
    struct db *, struct str user_id, struct str key, int *marks, struct fail *);

/* Is this the first time for the key? */
int selection_flags_take(
    struct db *, struct str key, bool *first, struct fail *);

#endif
