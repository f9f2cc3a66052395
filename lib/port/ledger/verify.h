/*
 * Does the ledger keep its own promises (bm-ledger.7)? Questions whose answer
 * must be "nothing".
 */
#ifndef PORT_LEDGER_VERIFY_H
#define PORT_LEDGER_VERIFY_H

#include "base/fail.h"
#include "base/str.h"
#include "mail/record/plan.h"
#include "port/db/db.h"

/* One check: what it says, and what speaks against it, or NULL. */
typedef int verify_fn(
    void *ctx, const char *check, const char *against, struct fail *);

/* id: one mailing only, or absent. */
int verify_ledger(
    struct db *, struct str id, verify_fn *, void *ctx, struct fail *);

/* Every recipient of a plan is in a state; keys: its file of them (plan.h). */
int verify_keys(struct db *, struct str id, struct str keys, verify_fn *,
    void *ctx, struct fail *);

/* By number and hash, when there is no such file: nobody else may be there. */
int verify_plan(struct db *, struct str id, const struct plan *, verify_fn *,
    void *ctx, struct fail *);

#endif
