/*
 * What stands against a claimed message: the state of its mailing, and the
 * register of opt-outs. The register only grows: as long as it has no new row,
 * what a claim has read of a person is true.
 */
#ifndef PORT_LEDGER_SQLITE_LOOK_H
#define PORT_LEDGER_SQLITE_LOOK_H

#include "base/fail.h"
#include "mail/ledger/ledger_item.h"
#include "port/db/db.h"
#include "port/store/store.h"

struct look;

/* The register of the store (NULL: nothing is looked at); the database with the
 * ledger. */
int look_open(struct look **, const struct store *, struct db *, struct fail *);
void look_close(struct look *);

/* In the transaction of a claim: begin, then each item that is claimed. */
int look_begin(struct look *, struct fail *);
int look_claim(struct look *, struct ledger_item *,
    enum ledger_state of_mailing, struct fail *);

/* Fills item->look again. TEMP, SYSTEM. */
int look_read(struct look *, struct ledger_item *, struct fail *);

#endif
