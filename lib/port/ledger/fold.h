/*
 * Folding: the facts of a journal become rows of the ledger. A fact counts
 * only for a row that still belongs to the journal's owner, so folding twice
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
void fold_free(struct fold *);

/*
 * Outcomes and releases of a living owner leave its hands: lazily (see db.h),
 * since its journal still has them.
 */
int fold_live(struct fold *, const char *owner, const struct journal_record *,
    size_t n, struct fail *);

/*
 * The whole journal of a dead owner: an intent without an outcome behind it
 * becomes in_doubt, a claim without an intent is given back. The first line
 * that is none ends the journal: it was torn, and never acted on.
 */
int fold_dead(
    struct fold *, const char *owner, struct str lines, struct fail *);

/*
 * Rows of owners whose journal is not in dir: nobody can tell whether they
 * were delivered, so they become in_doubt.
 */
int fold_orphans(struct fold *, const char *dir, struct fail *);

#endif
