/*
 * Rows that the facts of a journal speak of and the ledger lacks: the database
 * was lost or is an older copy. Each function works in the caller's
 * transaction.
 */
#ifndef PORT_LEDGER_SQLITE_MISSING_H
#define PORT_LEDGER_SQLITE_MISSING_H

#include "base/fail.h"
#include "mail/record/journal_record.h"
#include "port/db/db.h"

struct missing;

int missing_open(struct missing **, struct db *, struct fail *);
void missing_close(struct missing *);

/* Add the mailing of a record that has its course, unless it is there. */
int missing_add_mailing(
    struct missing *, const struct journal_record *, struct fail *);

/*
 * For a fact that no fold has written: gives the owner the recipient's row, if
 * the row is missing or older than the fact and nobody has it. An erased
 * person gets no row.
 */
int missing_take(struct missing *, const char *owner,
    const struct journal_record *, struct fail *);

#endif
