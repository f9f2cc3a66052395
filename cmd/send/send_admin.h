/*
 * The options that change a mailing and send nothing.
 */
#ifndef CMD_SEND_SEND_ADMIN_H
#define CMD_SEND_SEND_ADMIN_H

#include "base/fail.h"
#include "send/send_run.h"

/* Apply --hold, --release, --cancel, --assume-sent. 1: one was given; 0. */
int send_admin_apply(struct send_run *, struct fail *);

#endif
