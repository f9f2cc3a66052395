/*
 * How many are expected: "12000" or "11800..12200".
 */
#ifndef BASE_RANGE_H
#define BASE_RANGE_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

struct range {
	long long min, max; /* both included */
};

/* SYSTEM when it is neither form, or the bounds are the wrong way round. */
int range_parse(struct range *, struct str, struct fail *);

bool range_has(const struct range *, long long n);

#endif
