/*
 * The person whom somebody asks about: ADDRESS, email:ADDRESS, user:NAME with a
 * user name or a user id, or a user id.
 */
#ifndef PORT_ROSTER_ROSTER_PERSON_H
#define PORT_ROSTER_ROSTER_PERSON_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

/* Either may be absent: an id need not be in the roster, and an address may
 * have several users. */
struct roster_person {
	struct str key; /* the recipient key */
	struct str user_id;
};

/*
 * Look in the roster of the database at path; strings are in the arena or the
 * text. DATA for an invalid address or a name of several users; SYSTEM, TEMP.
 */
int roster_person_find(struct roster_person *, const char *path,
    struct str text, struct arena *, struct fail *);

#endif
