/*
 * Who of a plan is in the ledger, and who is there without being of the plan:
 * two lists in the same order, gone through side by side.
 */
#ifndef MAIL_RECORD_COVERAGE_H
#define MAIL_RECORD_COVERAGE_H

#include "base/str.h"

struct coverage;

/* keys: of the plan, as in its file (plan.h); the text stays the caller's. */
struct coverage *coverage_new(struct str keys);
void coverage_free(struct coverage *);

/* A recipient of the ledger; they come in the order of str_order(). */
void coverage_add(struct coverage *, struct str key);

/* Begin with another ledger, that may have the same people. */
void coverage_rewind(struct coverage *);

/* Of the plan, and not in any ledger: how many, and the first of them. */
long long coverage_missing(const struct coverage *, struct str *first);

/* Added, and not of the plan, or not for the first time. */
long long coverage_unplanned(const struct coverage *);

#endif
