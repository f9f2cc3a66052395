/*
 * A mailing in one sentence: "complete: 1,990 of 1,991 have it, 1 failed".
 */
#ifndef MAIL_REPORT_REPORT_SUMMARY_H
#define MAIL_REPORT_REPORT_SUMMARY_H

#include "base/buf.h"
#include "mail/report/report.h"

/* Append the sentence, without a newline. */
void report_summary(struct buf *, const struct report *);

#endif
