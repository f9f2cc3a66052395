/*
 * Rates: at most n grants in any interval of a span, counted by the time of
 * the grant. Pure: the caller stores the numbers, shared by all processes.
 *
 * The rate with the shortest span sets the pace: its grants are spread evenly,
 * one every span/n, so that it holds by itself. The other rates count their
 * grants in slices of span/20: the 21 slices that end with the current one
 * must hold fewer than n before another grant.
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

/* Parse "14/s", "20/min", "1500/10s", "50000/d". SYSTEM. */
int rate_parse(struct rate *, struct str, struct fail *);

/* The grants of each slice from first on; first moves with time. */
struct rate_window {
	struct rate rate;
	int64_t first; /* slice number: time divided by the length of a slice */
	long long used[2 * RATE_SLICES];
};

/* The number of the slice at a time in ms. */
int64_t rate_slice(const struct rate *, int64_t ms);

struct rate_plan {
	struct rate_window *windows; /* all rates except the pace */
	size_t window_count;
	struct rate pace;
	double
	    factor; /* 0 < factor <= 1: slows the pace for a throttled relay */
	int64_t next; /* microseconds: time of the next grant at the earliest */
	int64_t retry; /* output, ms: when to ask again after too few grants */
};

/*
 * Grant up to max times from now (ms) on, none later than now + horizon ms;
 * returns their number. The times in ms are ascending. Windows, next and retry
 * are updated.
 */
size_t rate_grant(struct rate_plan *, int64_t now, int64_t horizon,
    int64_t *times, size_t max);

#endif
