/*
 * bm-send --settle: what a person has found out about messages in doubt.
 */
#ifndef CMD_SEND_SEND_SETTLE_H
#define CMD_SEND_SEND_SETTLE_H

#include "base/fail.h"
#include "send/send_run.h"

/* Settle the lines of the input; wrong ones are reported. Gives 1, or -1. */
int send_settle(struct send_run *, struct fail *);

#endif
