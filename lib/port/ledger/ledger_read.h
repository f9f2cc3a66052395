/*
 * Questions to the ledger (bm-ledger.7) that change nothing: rows as they
 * stand in one moment, with what running processes have in their journals.
 * Several ledgers are read as if they were one.
 */
#ifndef PORT_STATS_H
#define PORT_STATS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/mem.h"
#include "mail/record/coverage.h"
#include "mail/report/report.h"

#define STATS_LEDGERS 10 /* at most */

struct stats;

/* Reads only. SYSTEM, TEMP as db_open(). */
int stats_open(
    struct stats **, const char *const *paths, size_t count, struct fail *);
void stats_close(struct stats *);

/*
 * Mailings, the oldest first, with their counts by state. The strings live in
 * the arena.
 */
int stats_mailings(struct stats *, struct report **, size_t *count,
    struct arena *, struct fail *);

/*
 * All about one mailing; counts only with brief. 0 when there is none of that
 * id: *r is empty then but for its id.
 */
int stats_report(struct stats *, struct str id, bool brief, struct report *r,
    struct arena *, struct fail *);

/* Who of a plan is there; the coverage is one that is new. SYSTEM, TEMP. */
int stats_cover(
    struct stats *, struct str id, struct coverage *, struct fail *);

/* The row's strings are valid during the call. */
typedef int stats_fn(void *ctx, const struct report_row *, struct fail *);

/* Rows in the order of their keys; states is a set of 1 << report_state. */
int stats_rows(struct stats *, struct str id, unsigned states, stats_fn *,
    void *ctx, struct fail *);

#endif
