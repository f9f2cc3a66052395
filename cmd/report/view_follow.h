/*
 * bm-report --follow: print progress until the mailing is complete, and wait
 * for a mailing that has not begun. A terminal has one line with a bar, which
 * is overwritten; otherwise each look at the ledger is a line.
 */
#ifndef CMD_REPORT_VIEW_FOLLOW_H
#define CMD_REPORT_VIEW_FOLLOW_H

#include "report/view.h"

int view_follow(struct view *, struct fail *);

#endif
