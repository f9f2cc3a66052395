/*
 * The section of a report's HTML page with the outcomes over time.
 */
#ifndef MAIL_REPORT_REPORT_COURSE_H
#define MAIL_REPORT_REPORT_COURSE_H

#include "mail/report/report.h"

void report_course(struct buf *, const struct report_series *);

#endif
