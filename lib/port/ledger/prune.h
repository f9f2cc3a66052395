/*
 * Removing the recipients of old mailings. The mailing itself stays, marked,
 * so that it cannot be sent again; the register of opt-outs is not touched.
 * Failures are SYSTEM or TEMP.
 */
#ifndef PORT_LEDGER_PRUNE_H
#define PORT_LEDGER_PRUNE_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"

/*
 * Visits the mailings that were begun before a time (ms since 1970), had their
 * last outcome before it, and have no claimed recipient.
 */
typedef int prune_fn(void *ctx, struct str id, struct fail *);
int prune_each(
    struct db *, int64_t before, prune_fn *, void *ctx, struct fail *);

/* Marks the mailing as pruned and removes its recipients, in short
 * transactions. */
int prune_mailing(struct db *, struct str id, struct fail *);

#endif
