/*
 * Reading the ledger (bm-ledger.7): its rows, updated by the journals of
 * running processes. Several ledgers are read as one. Failures are SYSTEM, or
 * TEMP when a database is locked for too long.
 */
#ifndef PORT_LEDGER_LEDGER_READ_H
#define PORT_LEDGER_LEDGER_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"
#include "mail/record/coverage.h"
#include "mail/report/report.h"
#include "mail/report/report_row.h"

#define LEDGER_READ_LEDGERS 10 /* at most */

struct ledger_read;

/* Opens the databases for reading. */
int ledger_read_open(struct ledger_read **, const char *const *paths,
    size_t count, struct fail *);
void ledger_read_close(struct ledger_read *);

/* All mailings, the oldest first, with counts by state; in the arena. */
int ledger_read_mailings(struct ledger_read *, struct report **, size_t *count,
    struct arena *, struct fail *);

/*
 * The report of one mailing: 1, or 0 when no ledger has it (*r has only the id
 * then). brief: counts by state and class only. Strings are in the arena.
 */
int ledger_read_report(struct ledger_read *, struct str id, bool brief,
    struct report *r, struct arena *, struct fail *);

/* Feeds the mailing's keys, in order, into a fresh coverage of a plan. */
int ledger_read_cover(
    struct ledger_read *, struct str id, struct coverage *, struct fail *);

/* Called with a row, whose strings are borrowed for the call. */
typedef int ledger_read_fn(void *ctx, const struct report_row *, struct fail *);

/* Visits rows by key; states is a set of 1 << report_state. */
int ledger_read_rows(struct ledger_read *, struct str id, unsigned states,
    ledger_read_fn *, void *ctx, struct fail *);

#endif
