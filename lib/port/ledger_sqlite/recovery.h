/*
 * Recovery (bm-ledger.7): the journals of dead owners become rows, and damage
 * becomes doubt.
 */
#ifndef PORT_LEDGER_SQLITE_RECOVERY_H
#define PORT_LEDGER_SQLITE_RECOVERY_H

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"
#include "port/ledger/recovery_notes.h"
#include "port/ledger_sqlite/journal_place.h"

struct recovery;

/* The notes may be NULL; they are borrowed. */
int recovery_open(struct recovery **, struct db *,
    const struct recovery_notes *, struct fail *);
void recovery_close(struct recovery *);

/*
 * Folds and removes the journals of dead owners. An intent without an outcome
 * becomes in_doubt, a claim without an intent is released. A fact that is not
 * in the rows yet makes its row, if that is missing. A damaged journal is set
 * aside; who is unsettled in it, or has a claim and no journal, is in_doubt.
 * SYSTEM, TEMP.
 */
int recovery_run(struct recovery *, struct fail *);

/* The same, for who sends nothing. */
int recovery_once(struct db *, const struct recovery_notes *, struct fail *);

/*
 * Folds one journal, whose lock the caller holds, and syncs the rows, so that
 * the file may go: an enum journal_dir_verdict, or -1.
 */
int recovery_fold(
    struct recovery *, const char *owner, struct str content, struct fail *);

/*
 * Releases the claims of an owner without an open intent, whose facts are all
 * in the rows, and syncs these.
 */
int recovery_release(
    struct recovery *, const struct journal_place *, struct fail *);

#endif
