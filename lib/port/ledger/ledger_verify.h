/*
 * Checks of a ledger, in any store: whether it keeps its own promises
 * (bm-ledger.7), and whether a mailing's recipients are those of a plan. A
 * check is a call of the function, whether its promise is kept or not. SYSTEM,
 * TEMP.
 */
#ifndef PORT_LEDGER_LEDGER_VERIFY_H
#define PORT_LEDGER_LEDGER_VERIFY_H

#include "base/fail.h"
#include "base/str.h"
#include "mail/record/plan.h"
#include "port/ledger/ledger_row.h"
#include "port/store/store.h"

/* Checks one mailing, or the whole ledger when id is absent. */
int ledger_verify(struct store *, struct str id, ledger_row_check_fn *,
    void *ctx, struct fail *);

/* Checks the recipients against the keys file of a plan (plan.h). */
int ledger_verify_keys(struct store *, struct str id, struct str keys,
    ledger_row_check_fn *, void *ctx, struct fail *);

/* Checks number and hash of the recipients, for a plan without that file. */
int ledger_verify_plan(struct store *, struct str id, const struct plan *,
    ledger_row_check_fn *, void *ctx, struct fail *);

#endif
