/*
 * What stands against a claimed message: the state of its mailing, and the
 * register of opt-outs.
 */
#ifndef PORT_LEDGER_SQLITE_LOOK_H
#define PORT_LEDGER_SQLITE_LOOK_H

#include "base/fail.h"
#include "mail/ledger/ledger_item.h"
#include "port/db/db.h"
#include "port/store/store.h"

struct look;

/* The register of the store; the database with the ledger. */
int look_open(struct look **, const struct store *, struct db *, struct fail *);
void look_close(struct look *);

/* Fills item->look. TEMP, SYSTEM. */
int look_read(struct look *, struct ledger_item *, struct fail *);

#endif
