/*
 * Owners, the processes that rows of the ledger name, whose journals are gone.
 */
#ifndef PORT_LEDGER_OWNERS_H
#define PORT_LEDGER_OWNERS_H

#include "base/buf.h"
#include "base/fail.h"
#include "port/db/db.h"

/*
 * Fills the buffer with each owner that sql selects and that has no journal in
 * the run folder, a NUL behind each. SYSTEM, TEMP.
 */
int owners_find_gone(
    struct db *, const char *sql, struct buf *gone, struct fail *);

#endif
