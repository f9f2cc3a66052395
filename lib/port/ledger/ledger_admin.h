/*
 * An operator's decisions about a mailing, in any store. What dead senders have
 * left should be recovered before (ledger_recover()). SYSTEM, TEMP.
 */
#ifndef PORT_LEDGER_LEDGER_ADMIN_H
#define PORT_LEDGER_LEDGER_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/ledger/ledger_state.h"
#include "port/ledger/ledger_decision.h"
#include "port/store/store.h"

/* SYSTEM when the ledger has no such mailing, and, with the remedy, when it is
 * pruned, or cancelled and the state is another one: these are final. */
int ledger_admin_set_state(
    struct store *, struct str email_id, enum ledger_state, struct fail *);

/* Settles every recipient in doubt as sent; *count is their number. SYSTEM when
 * the ledger has no such mailing. */
int ledger_admin_assume_sent(struct store *, struct str email_id, int64_t now,
    long long *count, struct fail *);

/* Marks a mailing uncertain: its rows are older than what has happened.
 * Deferred recipients become in_doubt, and a recipient without a row is in
 * doubt as soon as a sender asks for it. A mailing that the ledger does not
 * know is entered; *known tells. Synced. */
int ledger_admin_mark_uncertain(struct store *, struct str email_id,
    int64_t now, bool *known, struct fail *);

/* Goes on with a ledger that is older than its store says: marks every mailing
 * uncertain that may have gone on since. 0: the ledger is as new as it should
 * be; 1: accepted. */
int ledger_admin_accept_older(struct store *, int64_t now,
    struct ledger_decision_accepted *, struct fail *);

#endif
