/*
 * An expected number: "12000", or "11800..12200" for a range.
 */
#ifndef BASE_RANGE_H
#define BASE_RANGE_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

struct range {
	long long min, max; /* both included */
};

/* SYSTEM if the text has neither form or the lower bound is above the upper. */
int range_parse(struct range *, struct str, struct fail *);

bool range_has(const struct range *, long long n);

#endif
