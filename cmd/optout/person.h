/*
 * A person that an operand of bm-optout names: ADDRESS, email:ADDRESS, or, as
 * for bm-recipients, user:NAME with a user name or a user id.
 */
#ifndef CMD_OPTOUT_PERSON_H
#define CMD_OPTOUT_PERSON_H

#include "optout/subcommand.h"

struct person {
	struct str key;     /* the recipient key */
	struct str user_id; /* given, or found in the roster; may be absent */
	struct str owner;   /* another user, who has the address; or absent */
	long long sharing;  /* users with the address, if more than one */
	bool known;         /* the roster has the address or the user */
};

/*
 * DATA for an invalid address and an unknown or ambiguous name. user_id, the
 * value of --user-id, may be NULL.
 */
int person_find(struct subcommand *, const char *operand, const char *user_id,
    struct person *, struct fail *);

/*
 * The person of a subcommand with one operand: an unknown or ambiguous user
 * name is SYSTEM, since status 1 of check says that the person is opted out.
 */
int person_find_only(
    struct subcommand *, const char *user_id, struct person *, struct fail *);

/* Appends " (user 1)", or nothing when no user is known. */
void person_put_user(struct buf *, const struct person *);

/*
 * Notes that the roster does not know the person, with the nearest addresses;
 * of an empty roster only when always is true. SYSTEM, TEMP.
 */
int person_note_unknown(
    struct subcommand *, const struct person *, bool always, struct fail *);

#endif
