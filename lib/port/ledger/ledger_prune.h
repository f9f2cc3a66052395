/*
 * Removing the recipients of old mailings, in any store. The mailing itself
 * stays, marked, so that it cannot be sent again; the register of opt-outs is
 * not touched. SYSTEM, TEMP.
 */
#ifndef PORT_LEDGER_LEDGER_PRUNE_H
#define PORT_LEDGER_LEDGER_PRUNE_H

#include <stdint.h>

#include "base/fail.h"
#include "port/ledger/ledger_row.h"
#include "port/store/store.h"

/*
 * Visits the mailings that were begun before a time (ms since 1970), had their
 * last outcome before it, and have no claimed recipient.
 */
int ledger_prune_each(struct store *, int64_t before, ledger_row_id_fn *,
    void *ctx, struct fail *);

/* Marks the mailing as pruned and removes its recipients. */
int ledger_prune_mailing(struct store *, struct str email_id, struct fail *);

#endif
