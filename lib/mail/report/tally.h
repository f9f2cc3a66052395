/*
 * Counts the rows of a mailing in one pass, in any order.
 */
#ifndef MAIL_REPORT_TALLY_H
#define MAIL_REPORT_TALLY_H

#include <stdbool.h>

#include "base/arena.h"
#include "mail/report/report.h"
#include "mail/report/report_row.h"

struct tally;

/* brief: counts by state and class only. */
struct tally *tally_new(bool brief);
void tally_free(struct tally *);

/* A brief tally reads state, class and count; else the row's count is 1. */
void tally_add(struct tally *, const struct report_row *);

/*
 * After the last row: fill the report's members that come from rows. Arrays
 * and strings live in the arena.
 */
void tally_finish(struct tally *, struct report *, struct arena *);

#endif
