/*
 * A sender's ledger (ledger.h) in SQLite.
 */
#ifndef PORT_LEDGER_SQLITE_SENDER_H
#define PORT_LEDGER_SQLITE_SENDER_H

#include "port/db/db.h"
#include "port/ledger/ledger.h"

/* As ledger_open(). A sender without a store (NULL) looks at nothing. */
int sender_open(struct ledger **, struct store *, struct db *,
    enum ledger_durability, const struct recovery_notes *, struct fail *);

#endif
