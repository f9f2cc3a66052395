/*
 * Folding: the records of a live process become rows of the ledger. A record
 * counts only for a row that still names the journal's owner, so folding twice
 * changes nothing. recovery.h folds the journals of the dead.
 */
#ifndef PORT_LEDGER_SQLITE_FOLD_H
#define PORT_LEDGER_SQLITE_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "mail/record/journal_record.h"
#include "port/db/db.h"
#include "port/ledger_sqlite/journal_place.h"

struct fold;

/* lazy (transaction.h): a live owner's rows need not survive a power cut. */
int fold_open(struct fold **, struct db *, bool lazy, struct fail *);
void fold_close(struct fold *);

/*
 * Writes outcomes and releases of a live owner into its rows, which then name
 * no owner, and the place up to which its journal is in the rows.
 */
int fold_live(struct fold *, const struct journal_place *,
    const struct journal_record *, size_t n, struct fail *);

/*
 * Writes an outcome into the owner's row, in the caller's transaction. settled:
 * the row then names no owner.
 */
int fold_outcome(struct fold *, const char *owner,
    const struct journal_record *, bool settled, struct fail *);

#endif
