/*
 * Rates: at most n grants in any interval of a span, by the time of the
 * grant. Pure: the caller keeps the numbers where all processes see them.
 *
 * The rate with the shortest span sets the pace: its grants are spread evenly
 * at span/n, which is its law. The others count grants in slices of span/20;
 * one may be given when the 21 slices that end with its own hold fewer than n.
 */
#ifndef MAIL_SMTP_RATE_H
#define MAIL_SMTP_RATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

#define RATE_SLICES 20

struct rate {
	long long n;
	int64_t span; /* ms, 20 at least */
};

/* "14/s", "20/min", "1500/10s", "50000/d". SYSTEM. */
int rate_parse(struct rate *, struct str, struct fail *);

/* What was granted in each slice from first on; first moves with time. */
struct rate_window {
	struct rate rate;
	int64_t first; /* number of a slice: its time divided by its length */
	long long used[2 * RATE_SLICES];
};

int64_t rate_slice(const struct rate *, int64_t ms);

struct rate_plan {
	struct rate_window *windows; /* all rates but the one of the pace */
	size_t window_count;
	struct rate pace;
	double factor; /* of the pace, 0 < factor <= 1: a throttled relay */
	int64_t next;  /* microseconds: nothing is granted before; moves on */
	int64_t retry; /* ms: out: when to ask again if too few were granted */
};

/*
 * Up to max grants from now (ms) on, none later than horizon ms ahead. Their
 * times in ms go to times, ascending; windows and next are brought up to
 * date. Returns how many.
 */
size_t rate_grant(struct rate_plan *, int64_t now, int64_t horizon,
    int64_t *times, size_t max);

#endif
