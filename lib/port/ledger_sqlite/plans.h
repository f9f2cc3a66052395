/*
 * Sizes and approvals of mailings, as ledger_plan.h has them.
 */
#ifndef PORT_LEDGER_SQLITE_PLANS_H
#define PORT_LEDGER_SQLITE_PLANS_H

#include "port/db/db.h"
#include "port/ledger/ledger_plan.h"

int plans_store(struct db *, const struct ledger_decision_plan *, int64_t now,
    struct fail *);
int plans_read(struct db *, struct str email_id, struct ledger_decision_plan *,
    struct arena *, struct fail *);

#endif
