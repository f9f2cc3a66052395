/*
 * Folding: the records of a journal become rows of the ledger. A record counts
 * only for a row that still names the journal's owner, so folding twice
 * changes nothing.
 */
#ifndef PORT_LEDGER_FOLD_H
#define PORT_LEDGER_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/record/journal_record.h"
#include "port/db/db.h"

struct fold;

int fold_open(struct fold **, struct db *, struct fail *);
void fold_close(struct fold *);

/*
 * Writes outcomes and releases of a live owner into its rows, which then name
 * no owner; lazily (transaction.h), since its journal still has the records.
 */
int fold_live(struct fold *, const char *owner, const struct journal_record *,
    size_t n, struct fail *);

/*
 * Folds the whole journal of a dead owner: an intent without an outcome
 * becomes in_doubt, a claim without an intent is released. A torn line ends
 * the journal: nothing was done after it.
 */
int fold_dead(
    struct fold *, const char *owner, struct str lines, struct fail *);

/*
 * Rows of owners without a journal become in_doubt: whether they were
 * delivered is unknown.
 */
int fold_orphans(struct fold *, struct fail *);

#endif
