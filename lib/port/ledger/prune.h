/*
 * Forgetting who got an old mailing. What stays is the mailing itself,
 * cancelled, so that nobody can be mailed by it again; and the register of
 * opt-outs, which is never touched.
 */
#ifndef PORT_LEDGER_PRUNE_H
#define PORT_LEDGER_PRUNE_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"

/*
 * Visit mailings that were begun and had their last outcome before a time (ms
 * since 1970), and of which nobody is claimed.
 */
typedef int prune_fn(void *ctx, struct str id, struct fail *);
int prune_each(
    struct db *, int64_t before, prune_fn *, void *ctx, struct fail *);

/* Cancel the mailing and remove its recipients, in short transactions. */
int prune_mailing(struct db *, struct str id, struct fail *);

#endif
