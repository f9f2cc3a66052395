/*
 * Checks that the ledger keeps its own promises (bm-ledger.7).
 */
#ifndef PORT_LEDGER_VERIFY_H
#define PORT_LEDGER_VERIFY_H

#include "base/fail.h"
#include "base/str.h"
#include "mail/record/plan.h"
#include "port/db/db.h"

/* Called for each check: the promise, and the evidence against it or NULL. */
typedef int verify_fn(
    void *ctx, const char *promise, const char *against, struct fail *);

/* Checks one mailing, or the whole ledger when id is absent. */
int verify_ledger(
    struct db *, struct str id, verify_fn *, void *ctx, struct fail *);

/* Checks the recipients against the keys file of a plan (plan.h). */
int verify_keys(struct db *, struct str id, struct str keys, verify_fn *,
    void *ctx, struct fail *);

/* Checks number and hash of the recipients, for a plan without that file. */
int verify_plan(struct db *, struct str id, const struct plan *, verify_fn *,
    void *ctx, struct fail *);

#endif
