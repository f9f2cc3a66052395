/*
 * Whether a person is to be left out of the next mailings, judged from the
 * bounces that are kept.
 */
#ifndef MAIL_BOUNCE_SUPPRESSION_H
#define MAIL_BOUNCE_SUPPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define SUPPRESSION_SOFT_COUNT 5
#define SUPPRESSION_SOFT_SPAN (14LL * 24 * 3600 * 1000)  /* ms */
#define SUPPRESSION_AGAIN_AFTER (24LL * 3600 * 1000)     /* ms */
#define SUPPRESSION_OUTAGE_COUNT 30                      /* more than these */
#define SUPPRESSION_OUTAGE_SPAN (7LL * 24 * 3600 * 1000) /* ms */

/* A bounce of one mailing; policy counts for nothing and is not here. */
struct suppression_bounce {
	struct str email_id;
	int64_t at;  /* ms since 1970 */
	bool hard;   /* no such mailbox, and whom it is about is proven */
	bool outage; /* one of many of its domain, see below */
};

enum suppression {
	SUPPRESSION_NONE,
	SUPPRESSION_HARD, /* the mailbox does not exist */
	SUPPRESSION_SOFT, /* five times in two weeks, and no success */
};

/*
 * Judge a person's bounces, in the order of time. success: when a message was
 * sent last that did not come back (ms since 1970; 0: never), since which only
 * soft ones count.
 */
enum suppression suppression_judge(
    const struct suppression_bounce *, size_t count, int64_t success);

/*
 * Hard bounces of a domain in one mailing, in the order of time, out of so many
 * recipients there: true if an outage is among them, from its first to its
 * last. Those that came before or behind belong to no outage.
 */
bool suppression_find_outage(const int64_t *at, size_t hard,
    long long recipients, int64_t *first, int64_t *last);

/* "hard", "soft"; NULL for none. */
const char *suppression_name(enum suppression);

#endif
