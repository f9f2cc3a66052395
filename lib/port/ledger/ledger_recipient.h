/*
 * Decisions about single recipients, in any store. Each function works in a
 * write transaction of the store (store_begin()). SYSTEM, TEMP.
 */
#ifndef PORT_LEDGER_LEDGER_RECIPIENT_H
#define PORT_LEDGER_LEDGER_RECIPIENT_H

#include "base/fail.h"
#include "port/ledger/ledger_decision.h"
#include "port/store/store.h"

/*
 * Settles a recipient in doubt by a person's word, and nobody else. 1: *was is
 * the row's status before (enum outcome_status), or -1: a sender has it; 0:
 * there is no such row.
 */
int ledger_recipient_settle(struct store *, const struct ledger_decision_word *,
    int *was, struct fail *);

/*
 * Defers rows again, with the class breaker, whose refusal concerned us and not
 * the recipient, but for those that a sender has. The number of rows that had
 * failed, or -1.
 */
long long ledger_recipient_reopen(
    struct store *, const struct ledger_decision_reopen *, struct fail *);

#endif
