/*
 * Visits to a ledger, in any store, as ledger_row.h describes. A function's
 * result other than 0 ends the visit and is returned; else 0, or -1: SYSTEM,
 * TEMP.
 */
#ifndef PORT_LEDGER_LEDGER_VISIT_H
#define PORT_LEDGER_LEDGER_VISIT_H

#include "port/ledger/ledger_row.h"
#include "port/store/store.h"

/* 1: the mailing, its strings in the arena; 0: the ledger does not know it. */
int ledger_visit_mailing(struct store *, struct str email_id,
    struct ledger_row_mailing *, struct arena *, struct fail *);
int ledger_visit_mailings(
    struct store *, ledger_row_id_fn *, void *ctx, struct fail *);

int ledger_visit_rows(struct store *, struct str email_id, enum ledger_row_part,
    ledger_row_fn *, void *ctx, struct fail *);

int ledger_visit_owners(
    struct store *, ledger_row_owner_fn *, void *ctx, struct fail *);

#endif
