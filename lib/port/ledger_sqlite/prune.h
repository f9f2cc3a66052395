/*
 * Removing the recipients of old mailings.
 */
#ifndef PORT_LEDGER_SQLITE_PRUNE_H
#define PORT_LEDGER_SQLITE_PRUNE_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"
#include "port/ledger/ledger_row.h"

/* As ledger_prune_each() and ledger_prune_mailing(), the latter in short
 * transactions. */
int prune_each(
    struct db *, int64_t before, ledger_row_id_fn *, void *ctx, struct fail *);
int prune_mailing(struct db *, struct str id, struct fail *);

#endif
