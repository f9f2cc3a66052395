/*
 * The facts of a living process: what it intends and what it has settled are
 * lines of its journal first (bm-ledger.7), and rows of the ledger then.
 */
#ifndef PORT_LEDGER_SQLITE_FACTS_H
#define PORT_LEDGER_SQLITE_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "mail/ledger/ledger_item.h"
#include "port/db/db.h"
#include "port/ledger_sqlite/fold.h"
#include "port/ledger_sqlite/journal.h"
#include "port/ledger_sqlite/pending.h"
#include "port/ledger_sqlite/recovery.h"
#include "port/ledger_sqlite/settled.h"

struct facts {
	struct db *db;
	bool durable; /* facts survive a power cut */
	struct fold *fold;
	struct journal *journal; /* made by the first claim */
	bool owes_sync;          /* for lines that are written only */

	bool unfolded; /* the journal has records since the last fold */
	int64_t unfolded_since;

	struct settled settled;
	struct pending pending;
};

int facts_init(struct facts *, struct db *, bool durable, struct fail *);
void facts_free(struct facts *);

/* The journal's place; the first call makes the journal. */
int facts_begin(struct facts *, struct journal_place *, struct fail *);

/* Folds all and ends the journal, if there is one: unsettled items end as they
 * would after a crash. */
int facts_end(struct facts *, struct recovery *, struct fail *);

/* As the functions of ledger.h. */
void facts_intend(struct facts *, const struct ledger_item *, int64_t now);
void facts_settle(struct facts *, const struct ledger_item *,
    const struct outcome *, int64_t now);
void facts_release(struct facts *, const struct ledger_item *);
int facts_withdraw(struct facts *, const struct ledger_item *,
    const struct outcome *, int64_t now, struct fail *);
bool facts_unsynced(const struct facts *);
int facts_sync(struct facts *, struct fail *);
int facts_rescue(struct facts *, struct fail *);
int facts_fold(struct facts *, int64_t now, struct fail *);
int facts_flush(struct facts *, struct fail *);

#endif
