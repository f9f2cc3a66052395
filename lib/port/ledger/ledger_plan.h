/*
 * The size of a mailing and its approval, in any store. The plan of a mailing
 * (plan.h) is known by the hash of its keys; the store keeps the last one that
 * a sender was told of, or that somebody has approved. SYSTEM, TEMP.
 */
#ifndef PORT_LEDGER_LEDGER_PLAN_H
#define PORT_LEDGER_LEDGER_PLAN_H

#include "base/arena.h"
#include "base/fail.h"
#include "port/ledger/ledger_decision.h"
#include "port/store/store.h"

/*
 * Keep the plan in place of the mailing's last one. An approval stays with
 * plans of the same keys, and a plan of others has none but its own.
 */
int ledger_plan_store(struct store *, const struct ledger_decision_plan *,
    int64_t now, struct fail *);

/* 1: the mailing's plan, its strings in the arena; 0: none is known. */
int ledger_plan_read(struct store *, struct str email_id,
    struct ledger_decision_plan *, struct arena *, struct fail *);

#endif
