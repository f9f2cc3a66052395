/*
 * The parts of a report's page that are about time: its course, and how long
 * messages took; and what they share with the other parts.
 */
#ifndef MAIL_REPORT_REPORT_COURSE_H
#define MAIL_REPORT_REPORT_COURSE_H

#include "base/buf.h"
#include "mail/report/report.h"

void report_course(struct buf *, const struct report_series *);
void report_course_waits(struct buf *, const struct report_latency *);

/* The names of the columns that report_course_counts() fills. */
#define REPORT_NAMES                                                  \
	"total", "sent", "failed", "deferred", "in doubt", "skipped", \
	    "in progress"

void report_course_counts(struct buf *, const struct report_group *);

/* What the colours of a chart mean; states is a set of 1 << report_state. */
void report_course_key(struct buf *, unsigned states);

#endif
