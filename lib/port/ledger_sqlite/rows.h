/*
 * Reading rows, updated by the journals of running processes. Failures are
 * SYSTEM, or TEMP when the database is locked for too long.
 */
#ifndef PORT_LEDGER_SQLITE_ROWS_H
#define PORT_LEDGER_SQLITE_ROWS_H

#include "port/db/db.h"
#include "port/ledger/ledger_row.h"

/* Visits the rows of a mailing. */
int rows_each(struct db *, struct str id, enum ledger_row_part, ledger_row_fn *,
    void *ctx, struct fail *);

/* 1: the mailing, its strings in the arena; 0: there is none. */
int rows_mailing(struct db *, struct str id, struct ledger_row_mailing *,
    struct arena *, struct fail *);
int rows_each_mailing(
    struct db *, ledger_row_id_fn *, void *ctx, struct fail *);

#endif
