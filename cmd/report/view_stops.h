/*
 * bm-report --stops: what relays have refused, and how that ends.
 */
#ifndef CMD_REPORT_VIEW_STOPS_H
#define CMD_REPORT_VIEW_STOPS_H

#include "report/view.h"

/* Write the stops of all ledgers. */
int view_stops(struct view *, struct fail *);

#endif
