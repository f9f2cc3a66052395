/*
 * Delivers the records of the input.
 */
#ifndef CMD_SEND_SEND_DELIVERY_H
#define CMD_SEND_SEND_DELIVERY_H

#include "base/fail.h"
#include "send/send_run.h"

/*
 * Open the transport and deliver all records. 1: the relay has refused our
 * mail before: this is reported.
 */
int send_delivery_run(struct send_run *, struct fail *);

#endif
