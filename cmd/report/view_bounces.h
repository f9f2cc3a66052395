/*
 * What came back of a mailing, of all ledgers.
 */
#ifndef CMD_REPORT_VIEW_BOUNCES_H
#define CMD_REPORT_VIEW_BOUNCES_H

#include "mail/report/report.h"
#include "port/ledger/ledger_read.h"

/* Adds the counts to the report of r->id. SYSTEM, TEMP. */
int view_bounces_count(
    const struct ledger_read *, struct report *, struct fail *);

#endif
