/*
 * Counting the rows of a mailing in one pass, in any order.
 */
#ifndef MAIL_REPORT_TALLY_H
#define MAIL_REPORT_TALLY_H

#include <stdbool.h>

#include "base/arena.h"
#include "mail/report/report.h"

struct tally;

/* brief: counts by state and class only. */
struct tally *tally_new(bool brief);
void tally_free(struct tally *);

/* brief needs only state, class and count; else count is 1. */
void tally_add(struct tally *, const struct report_row *);

/* Fill all members of the report that come from rows. */
void tally_end(const struct tally *, struct report *, struct arena *);

#endif
