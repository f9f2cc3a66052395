/*
 * A list of mailings as text for a terminal: a line of counts for each, and
 * below it the subject, course and state.
 */
#ifndef MAIL_REPORT_REPORT_LIST_H
#define MAIL_REPORT_REPORT_LIST_H

#include "mail/report/report.h"
#include "mail/report/report_style.h"

void report_list(struct buf *, const struct report *mailings, size_t count,
    const struct report_style *);

#endif
