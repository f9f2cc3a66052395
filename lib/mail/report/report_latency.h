/*
 * How many milliseconds the sent messages took: percentiles and a histogram.
 */
#ifndef MAIL_REPORT_REPORT_LATENCY_H
#define MAIL_REPORT_REPORT_LATENCY_H

#include <stddef.h>

#define REPORT_LATENCY_INTERVALS 12 /* of the histogram */

struct report_latency {
	long long count; /* messages; 0: the other members mean nothing */
	long long mean, p50, p90, p99, max;
	long long intervals[REPORT_LATENCY_INTERVALS]; /* messages */
};

/* The interval's upper bound in ms, exclusive; -1: the last has no bound. */
long long report_latency_limit(size_t interval);

#endif
