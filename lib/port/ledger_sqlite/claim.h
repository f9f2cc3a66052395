/*
 * Claiming: a process writes its name into rows of the ledger before it sends.
 * The primary key of a row makes two claims of one recipient impossible.
 */
#ifndef PORT_LEDGER_SQLITE_CLAIM_H
#define PORT_LEDGER_SQLITE_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "mail/ledger/ledger_item.h"
#include "port/db/db.h"
#include "port/ledger_sqlite/journal_place.h"
#include "port/ledger_sqlite/look.h"

struct claim;

/* The look stays the caller's. lazy (transaction.h): claims need not survive a
 * power cut. */
int claim_open(
    struct claim **, struct db *, struct look *, bool lazy, struct fail *);
void claim_close(struct claim *);

/* As ledger_claim(); the place of the process's journal is stored, too. */
int claim_items(struct claim *, const struct journal_place *,
    struct ledger_item **items, size_t n, const struct claim_policy *,
    int64_t now, struct fail *);

#endif
