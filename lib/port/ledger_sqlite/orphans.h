/*
 * Owners without a journal. Whether the messages that such an owner had
 * claimed were delivered is unknown.
 */
#ifndef PORT_LEDGER_SQLITE_ORPHANS_H
#define PORT_LEDGER_SQLITE_ORPHANS_H

#include "base/fail.h"
#include "port/db/db.h"
#include "port/ledger/recovery_notes.h"

/* Orphans' claims become in_doubt; the notes (or NULL) are told. */
int orphans_settle(struct db *, const struct recovery_notes *, struct fail *);

#endif
