/*
 * bm-send --check: tries the way to the relay.
 */
#ifndef CMD_SEND_SEND_CHECK_H
#define CMD_SEND_SEND_CHECK_H

#include "base/fail.h"
#include "send/send_run.h"

/*
 * Try the relay up to MAIL FROM, and lift its stop when that works. 1: the
 * relay refuses us, and a person has to look: this is reported.
 */
int send_check_relay(struct send_run *, struct fail *);

#endif
