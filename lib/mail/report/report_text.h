/*
 * A report on one mailing as text for a terminal.
 */
#ifndef MAIL_REPORT_REPORT_TEXT_H
#define MAIL_REPORT_REPORT_TEXT_H

#include "mail/report/report.h"
#include "mail/report/report_style.h"

void report_text(
    struct buf *, const struct report *, const struct report_style *);

#endif
