/*
 * "Did you mean": the known name that is nearest to an unknown one.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/str.h"

/* Initialize with {.name = the unknown name}, then offer every known name. */
struct near {
	struct str name;
	struct str best; /* borrowed from the offers; p is NULL at first */
	int distance;    /* letters by which best differs */
};

/*
 * Keep the known name in best if it is nearer than best. A name is near if it
 * differs in few letters or, next, if it contains the unknown name. Upper and
 * lower case are equal.
 */
void near_offer(struct near *, struct str known);

/*
 * The letters that are inserted, left out, changed or swapped between two
 * names; -1 when one has more than 200 bytes.
 */
int near_distance(struct str, struct str);

#endif
