/*
 * One JSON object over another, in linear time.
 */
#ifndef BASE_JSON_MERGE_H
#define BASE_JSON_MERGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

/*
 * Append an object with the members of both: those of the first in their
 * order, with the second's value where it has one, then those that only the
 * second has. DATA as of json_parse().
 */
int json_merge(struct buf *, struct str first, struct str second,
    struct arena *, struct fail *);

#endif
