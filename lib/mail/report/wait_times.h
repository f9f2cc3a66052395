/*
 * Collects how long each message took and computes the report's latency.
 * Memory grows only with the messages that took a minute or longer.
 */
#ifndef MAIL_REPORT_WAIT_TIMES_H
#define MAIL_REPORT_WAIT_TIMES_H

#include "mail/report/report_latency.h"

struct wait_times;

struct wait_times *wait_times_new(void);
void wait_times_free(struct wait_times *);

void wait_times_add(struct wait_times *, long long ms);

/* After the last wait_times_add(). */
void wait_times_finish(struct wait_times *, struct report_latency *);

#endif
