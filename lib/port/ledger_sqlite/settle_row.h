/*
 * A person's word about one recipient in doubt.
 */
#ifndef PORT_LEDGER_SQLITE_SETTLE_ROW_H
#define PORT_LEDGER_SQLITE_SETTLE_ROW_H

#include "port/db/db.h"
#include "port/ledger/ledger_recipient.h"

/* As ledger_recipient_settle(), in a write transaction. */
int settle_row(
    struct db *, const struct ledger_decision_word *, int *was, struct fail *);

#endif
