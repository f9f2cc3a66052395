/*
 * Claiming: rows of the ledger become a process's own before it sends. The
 * row's primary key is what makes two claims of one recipient impossible.
 */
#ifndef PORT_LEDGER_CLAIM_H
#define PORT_LEDGER_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "port/db/db.h"
#include "port/ledger/ledger_item.h"

struct claim;

/* Claims are made lazily (see db.h) if they need not survive a power cut. */
int claim_open(struct claim **, struct db *, bool lazy, struct fail *);
void claim_free(struct claim *);

/* As ledger_claim(), for this owner, in one transaction. */
int claim_items(struct claim *, const char *owner, struct ledger_item **items,
    size_t n, const struct claim_policy *, int64_t now, struct fail *);

#endif
