/*
 * Reading ledgers (bm-ledger.7), in any store: rows, with what running senders
 * have settled since. Several ledgers are read as one. SYSTEM, TEMP.
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
#include "port/ledger/ledger_row.h"
#include "port/store/store.h"

#define LEDGER_READ_LEDGERS 10 /* at most */

struct ledger_read {
	struct store *stores[LEDGER_READ_LEDGERS]; /* the caller's */
	size_t count;
};

/* All mailings, the oldest first, with counts by state; in the arena. */
int ledger_read_mailings(const struct ledger_read *, struct report **,
    size_t *count, struct arena *, struct fail *);

/*
 * The report of one mailing: 1, or 0 when no ledger has it (*r has only the id
 * then). brief: counts by state and class only. Strings are in the arena.
 */
int ledger_read_report(const struct ledger_read *, struct str id, bool brief,
    struct report *r, struct arena *, struct fail *);

/* Feeds the mailing's keys, in order, into a fresh coverage of a plan. */
int ledger_read_cover(const struct ledger_read *, struct str id,
    struct coverage *, struct fail *);

/* Visits rows by key; states is a set of 1 << report_state. */
int ledger_read_rows(const struct ledger_read *, struct str id, unsigned states,
    ledger_row_fn *, void *ctx, struct fail *);

#endif
