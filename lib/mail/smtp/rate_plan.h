/*
 * All rates of an account or a domain. The rate with the shortest span sets the
 * pace: its grants are spread evenly, one every span/n, so that it holds by
 * itself. The others are windows. Pure: the caller stores the numbers, shared
 * by all processes.
 */
#ifndef MAIL_SMTP_RATE_PLAN_H
#define MAIL_SMTP_RATE_PLAN_H

#include <stddef.h>

#include "mail/smtp/rate_window.h"

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
 * A stored next that lies further ahead than any grant of ours can put it comes
 * from a clock that was set back: its grant counts as made now.
 */
void rate_plan_check(struct rate_plan *, int64_t now, int64_t horizon);

/*
 * Grant up to max times from now (ms) on, none later than now + horizon ms;
 * returns their number. The times in ms are ascending. Windows, next and retry
 * are updated.
 */
size_t rate_plan_grant(struct rate_plan *, int64_t now, int64_t horizon,
    int64_t *times, size_t max);

#endif
