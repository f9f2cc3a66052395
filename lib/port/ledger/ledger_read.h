/*
 * Questions to the ledger (bm-ledger.7) that change nothing: rows as they
 * stand in one moment, with what running processes have in their journals.
 * Several ledgers are read as if they were one.
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

/* Reads only. SYSTEM, TEMP as db_open(). */
int ledger_read_open(struct ledger_read **, const char *const *paths,
    size_t count, struct fail *);
void ledger_read_close(struct ledger_read *);

/*
 * Mailings, the oldest first, with their counts by state. The strings live in
 * the arena.
 */
int ledger_read_mailings(struct ledger_read *, struct report **, size_t *count,
    struct arena *, struct fail *);

/*
 * All about one mailing; counts only with brief. 0 when there is none of that
 * id: *r is empty then but for its id.
 */
int ledger_read_report(struct ledger_read *, struct str id, bool brief,
    struct report *r, struct arena *, struct fail *);

/* Who of a plan is there; the coverage is one that is new. SYSTEM, TEMP. */
int ledger_read_cover(
    struct ledger_read *, struct str id, struct coverage *, struct fail *);

/* The row's strings are valid during the call. */
typedef int ledger_read_fn(void *ctx, const struct report_row *, struct fail *);

/* Rows in the order of their keys; states is a set of 1 << report_state. */
int ledger_read_rows(struct ledger_read *, struct str id, unsigned states,
    ledger_read_fn *, void *ctx, struct fail *);

#endif
