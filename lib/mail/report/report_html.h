/*
 * A report as one HTML page: charts with the tables behind them, no network,
 * no script; light, dark and on paper.
 */
#ifndef MAIL_REPORT_REPORT_HTML_H
#define MAIL_REPORT_REPORT_HTML_H

#include "base/buf.h"
#include "mail/report/report.h"

void report_html(struct buf *, const struct report *);

#endif
