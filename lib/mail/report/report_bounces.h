/*
 * What came back of a mailing, beside what was sent. Providers look at senders
 * whose rates are above these, and stop them at a few times as much.
 */
#ifndef MAIL_REPORT_REPORT_BOUNCES_H
#define MAIL_REPORT_REPORT_BOUNCES_H

#include "mail/report/report.h"
#include "mail/report/report_style.h"

#define REPORT_BOUNCES_BOUNCED 50   /* of a thousand that were sent */
#define REPORT_BOUNCES_COMPLAINED 1 /* the same */

/* The rate is at the limit or above; of nothing sent there is no rate. */
bool report_bounces_many(const struct report *);
bool report_bounces_complaints(const struct report *);

/* Lines for a terminal, a list item of a page each, words behind a comma; with
 * nothing that came back, nothing. */
void report_bounces_text(
    struct buf *, const struct report *, const struct report_style *);
void report_bounces_words(struct buf *, const struct report *);
void report_bounces_tiles(struct buf *, const struct report *);

/* The warnings of a page: paragraphs. */
void report_bounces_notes(struct buf *, const struct report *);

/* The members bounced, complained and warnings. */
void report_bounces_json(struct buf *, const struct report *);

#endif
