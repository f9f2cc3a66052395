/*
 * How far the ledger has read each journal: a row in the table journals, which
 * is written with the facts and claims of the owner. A journal that is shorter
 * has lost facts, and a fact below that place is in the rows already.
 */
#ifndef PORT_LEDGER_SQLITE_JOURNAL_PLACE_H
#define PORT_LEDGER_SQLITE_JOURNAL_PLACE_H

#include "mail/record/journal_text.h"
#include "port/db/db.h"

struct journal_place {
	const char *owner; /* borrowed */
	struct journal_known known;
};

/* Store the place, in the caller's transaction. */
int journal_place_store(
    struct db *, const struct journal_place *, struct fail *);

/* Fill in what is known of the owner's journal; zeros if nothing is. */
int journal_place_load(struct db *, struct journal_place *, struct fail *);

/* Remove the places of journals that are gone, if there are any. */
int journal_place_sweep(struct db *, struct fail *);

#endif
