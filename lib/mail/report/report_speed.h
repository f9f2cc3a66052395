/*
 * How fast a mailing was, as text for a terminal: its rate, how long messages
 * took, and its outcomes over time as a line of blocks.
 */
#ifndef MAIL_REPORT_REPORT_SPEED_H
#define MAIL_REPORT_REPORT_SPEED_H

#include "mail/report/report.h"
#include "mail/report/report_style.h"

/* The lines, without a heading. */
void report_speed(
    struct buf *, const struct report *, const struct report_style *);

#endif
