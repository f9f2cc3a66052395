/*
 * bm-report --verify: check each ledger, and the mailing against the plan. A
 * broken check is a line on stdout and raises the exit status to 1.
 */
#ifndef CMD_REPORT_VIEW_VERIFY_H
#define CMD_REPORT_VIEW_VERIFY_H

#include "report/view.h"

int view_verify(struct view *, struct fail *);

#endif
