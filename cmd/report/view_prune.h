/*
 * bm-report --prune: for each mailing older than the given time, print its
 * report as JSON, then forget its recipients. SYSTEM, TEMP as db_open().
 */
#ifndef CMD_REPORT_VIEW_PRUNE_H
#define CMD_REPORT_VIEW_PRUNE_H

#include "report/view.h"

int view_prune(struct view *, struct fail *);

#endif
