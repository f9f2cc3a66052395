/*
 * Whom an uncertain mailing may have reached without a trace in the ledger.
 */
#ifndef MAIL_REPORT_REPORT_DOUBT_H
#define MAIL_REPORT_REPORT_DOUBT_H

#include "base/arena.h"
#include "mail/report/report.h"

/*
 * Of an uncertain mailing, counts the recipients of report_missing() as in
 * doubt, since they may have got it; then they are missing no longer. The
 * arena is that of the report.
 */
void report_doubt(struct report *, struct arena *);

#endif
