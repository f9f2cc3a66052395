/*
 * Counts by state of recipients that have something in common: a domain, a
 * relay, an interval of time.
 */
#ifndef MAIL_REPORT_REPORT_GROUP_H
#define MAIL_REPORT_REPORT_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "mail/report/report_state.h"

struct report_group {
	struct str name; /* may be absent */
	long long by[REPORT_STATES];
	long long total;
};

struct report_groups {
	struct report_group *items; /* the largest first */
	size_t count;
};

/* Outcomes over time, in intervals of the same width without gaps. */
struct report_series {
	int64_t start; /* of the first interval, ms since 1970 */
	int64_t width; /* ms */
	struct report_group *items;
	size_t count;
};

void report_group_add(struct report_group *, enum report_state, long long n);

#endif
