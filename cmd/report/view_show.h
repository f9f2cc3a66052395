/*
 * What bm-report prints once: the list of mailings, or one mailing as text,
 * JSON, records, CSV or an HTML page.
 */
#ifndef CMD_REPORT_VIEW_SHOW_H
#define CMD_REPORT_VIEW_SHOW_H

#include "report/view.h"

/* As a ledger_row_fn, with the view: an outcome record, or with --csv a line.
 */
int view_show_row(void *view, const struct report_row *, struct fail *);

int view_show_list(struct view *, struct fail *);

/* The mailing v->id, in the form that the options ask for. */
int view_show_mailing(struct view *, struct fail *);

#endif
