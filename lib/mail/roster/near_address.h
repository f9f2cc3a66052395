/*
 * The known addresses that an unknown one may be a misspelling of.
 */
#ifndef MAIL_ROSTER_NEAR_ADDRESS_H
#define MAIL_ROSTER_NEAR_ADDRESS_H

#include "base/arena.h"
#include "base/str.h"

#define NEAR_ADDRESS_MAX 3

/* Initialize with {.key = the unknown recipient key, .arena = ...}. */
struct near_address {
	struct str key;
	struct arena *arena; /* has the copies in found */
	long long offered;
	size_t count;
	struct str found[NEAR_ADDRESS_MAX]; /* the nearest first */
	int rank[NEAR_ADDRESS_MAX];
};

/*
 * Keep a known key if it is among the nearest: the part before the @ and the
 * domain each differ in few letters, or the domain alone differs. Of equally
 * near keys the first offers stay.
 */
void near_address_offer(struct near_address *, struct str known);

#endif
