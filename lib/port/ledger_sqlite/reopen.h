/*
 * Reopening: rows whose refusal concerned us and not the recipient become
 * deferred again, with the class breaker.
 */
#ifndef PORT_LEDGER_SQLITE_REOPEN_H
#define PORT_LEDGER_SQLITE_REOPEN_H

#include "port/db/db.h"
#include "port/ledger/ledger_recipient.h"

/* As ledger_recipient_reopen(), in a write transaction. */
long long reopen_rows(
    struct db *, const struct ledger_decision_reopen *, struct fail *);

#endif
