/*
 * Checks that the ledger keeps its own promises (bm-ledger.7).
 */
#ifndef PORT_LEDGER_SQLITE_VERIFY_H
#define PORT_LEDGER_SQLITE_VERIFY_H

#include "port/db/db.h"
#include "port/ledger/ledger_row.h"

/* As ledger_verify(). */
int verify_ledger(struct db *, struct str id, ledger_row_check_fn *, void *ctx,
    struct fail *);

#endif
