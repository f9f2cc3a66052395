/*
 * An operator's decisions about a mailing. Journals of dead senders should be
 * folded before (ledger_recover()).
 */
#ifndef PORT_LEDGER_LEDGER_ADMIN_H
#define PORT_LEDGER_LEDGER_ADMIN_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"
#include "port/ledger/ledger_state.h"

/*
 * SYSTEM when the ledger has no such mailing, and, with the remedy, when it is
 * cancelled and the state is another one: cancelling is final.
 */
int ledger_admin_set_state(
    struct db *, struct str email_id, enum ledger_state, struct fail *);

/*
 * Settles every recipient in doubt as sent; *count is their number. SYSTEM when
 * the ledger has no such mailing.
 */
int ledger_admin_assume_sent(struct db *, struct str email_id, int64_t now,
    long long *count, struct fail *);

#endif
