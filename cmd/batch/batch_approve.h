/*
 * bm-batch --approve: a person's word for a plan.
 */
#ifndef CMD_BATCH_BATCH_APPROVE_H
#define CMD_BATCH_BATCH_APPROVE_H

#include "base/settings.h"

/*
 * Store in the database of the settings who approves the plan, and when; the
 * exit status. It tells what is approved, or what is wrong.
 */
int batch_approve(
    const char *program, const char *plan, const struct settings *);

#endif
