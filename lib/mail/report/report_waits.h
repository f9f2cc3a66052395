/*
 * The section of a report's HTML page with the times that messages took.
 */
#ifndef MAIL_REPORT_REPORT_WAITS_H
#define MAIL_REPORT_REPORT_WAITS_H

#include "base/buf.h"
#include "mail/report/report_latency.h"

void report_waits(struct buf *, const struct report_latency *);

#endif
