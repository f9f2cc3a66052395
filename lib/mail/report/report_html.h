/*
 * A report as one self-contained HTML page: charts, each with its table, and
 * a style sheet for light, dark and paper; no scripts, nothing to load.
 */
#ifndef MAIL_REPORT_REPORT_HTML_H
#define MAIL_REPORT_REPORT_HTML_H

#include "mail/report/report.h"

void report_html(struct buf *, const struct report *);

#endif
