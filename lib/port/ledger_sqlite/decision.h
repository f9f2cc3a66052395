/*
 * An operator's decisions about a mailing, as ledger_admin.h has them.
 */
#ifndef PORT_LEDGER_SQLITE_DECISION_H
#define PORT_LEDGER_SQLITE_DECISION_H

#include "port/db/db.h"
#include "port/ledger/ledger_admin.h"

int decision_set_state(
    struct db *, struct str email_id, enum ledger_state, struct fail *);
int decision_assume_sent(struct db *, struct str email_id, int64_t now,
    long long *count, struct fail *);
int decision_mark_uncertain(
    struct db *, struct str email_id, int64_t now, bool *known, struct fail *);
int decision_accept_older(
    struct db *, int64_t now, struct ledger_decision_accepted *, struct fail *);

#endif
