/*
 * Does the ledger keep its own promises (bm-ledger.7)? Questions whose answer
 * must be "nothing".
 */
#ifndef PORT_VERIFY_H
#define PORT_VERIFY_H

#include "base/buf.h"
#include "base/fail.h"
#include "mail/plan.h"
#include "port/db.h"

/* One check: what it says, and what speaks against it, or NULL. */
typedef int verify_fn(
    void *ctx, const char *check, const char *against, struct fail *);

/* id: one mailing only, or absent; plan: what it was to be, or NULL. */
int verify_ledger(struct db *, struct str id, const struct plan *, verify_fn *,
    void *ctx, struct fail *);

#endif
