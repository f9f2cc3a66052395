/*
 * Owners: the processes that rows of the ledger name.
 */
#ifndef PORT_LEDGER_SQLITE_OWNERS_H
#define PORT_LEDGER_SQLITE_OWNERS_H

#include "base/buf.h"
#include "base/fail.h"
#include "port/db/db.h"
#include "port/ledger/ledger_row.h"

/*
 * Fills the buffer with each owner that sql selects and that has no journal in
 * the run folder, a NUL behind each. SYSTEM, TEMP.
 */
int owners_find_gone(
    struct db *, const char *sql, struct buf *gone, struct fail *);

/* Visits the owners of claims. One is alive if its journal is locked. */
int owners_each(struct db *, ledger_row_owner_fn *, void *ctx, struct fail *);

#endif
