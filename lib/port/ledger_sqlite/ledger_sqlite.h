/*
 * The ledger of ledger.h in SQLite: rows for what is settled, and a journal a
 * process for what is happening (bm-ledger.7).
 */
#ifndef PORT_LEDGER_SQLITE_LEDGER_SQLITE_H
#define PORT_LEDGER_SQLITE_LEDGER_SQLITE_H

#include "port/db/db.h"
#include "port/ledger/ledger_store.h"
#include "port/store/store.h"

/* The ledger of a store on a database, which both stay the caller's. */
struct ledger_store *ledger_sqlite_new(struct store *, struct db *);
void ledger_sqlite_free(struct ledger_store *);

#endif
