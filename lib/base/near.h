/*
 * "Did you mean": the known name that is nearest to one that is not known.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/str.h"

/* Start with {.name = what was given}; then offer every known name. */
struct near {
	struct str name;
	struct str
	    best; /* borrowed from the offers; p is NULL when none is near */
	int distance;
};

/*
 * Letters compare without case. Near is a name that differs in few letters,
 * and after those one that has what was given as a part.
 */
void near_offer(struct near *, struct str known);

#endif
