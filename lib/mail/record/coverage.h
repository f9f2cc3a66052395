/*
 * Compares the recipients of a plan with those of its ledgers: two sorted
 * lists, merged.
 */
#ifndef MAIL_RECORD_COVERAGE_H
#define MAIL_RECORD_COVERAGE_H

#include "base/str.h"

struct coverage;

/* keys: the plan's file of keys (plan_keys.h); borrowed. */
struct coverage *coverage_new(struct str keys);
void coverage_free(struct coverage *);

/* Add a recipient of a ledger; keys ascend in the order of str_order(). */
void coverage_add(struct coverage *, struct str key);

/* Begin another ledger; its recipients may have been added before. */
void coverage_rewind(struct coverage *);

/* How many keys of the plan are in no ledger; *first: the first, or absent. */
long long coverage_missing(const struct coverage *, struct str *first);

/* How many keys were added that are not in the plan, or repeatedly. */
long long coverage_unplanned(const struct coverage *);

#endif
