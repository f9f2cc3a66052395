/*
 * An operator's decisions about a mailing. Journals of dead senders should be
 * folded before (ledger_recover()).
 */
#ifndef PORT_LEDGER_LEDGER_ADMIN_H
#define PORT_LEDGER_LEDGER_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"
#include "port/ledger/ledger_state.h"

/*
 * SYSTEM when the ledger has no such mailing, and, with the remedy, when it is
 * pruned, or cancelled and the state is another one: these are final.
 */
int ledger_admin_set_state(
    struct db *, struct str email_id, enum ledger_state, struct fail *);

/*
 * Settles every recipient in doubt as sent; *count is their number. SYSTEM when
 * the ledger has no such mailing.
 */
int ledger_admin_assume_sent(struct db *, struct str email_id, int64_t now,
    long long *count, struct fail *);

/*
 * Marks a mailing uncertain: its rows are older than what has happened.
 * Deferred recipients become in_doubt, and a recipient without a row is in
 * doubt as soon as a sender asks for it. A mailing that the ledger does not
 * know is entered; *known tells. Synced.
 */
int ledger_admin_mark_uncertain(
    struct db *, struct str email_id, int64_t now, bool *known, struct fail *);

/*
 * Goes on with a ledger that is older than its lock file says, or has lost
 * that file: marks every mailing uncertain that may have gone on since. 0: the
 * ledger is as new as it should be; 1: accepted.
 */
struct ledger_admin_accepted {
	long long mailings; /* marked */
	int64_t at;         /* of the ledger, ms since 1970; 0: unknown */
};
int ledger_admin_accept_older(
    struct db *, int64_t now, struct ledger_admin_accepted *, struct fail *);

#endif
