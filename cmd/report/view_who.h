/*
 * bm-report --who: what became of one person's messages, in all mailings.
 */
#ifndef CMD_REPORT_VIEW_WHO_H
#define CMD_REPORT_VIEW_WHO_H

#include "report/view.h"

/* DATA for a person of whom neither the ledgers nor the register know. */
int view_who(struct view *, struct fail *);

#endif
