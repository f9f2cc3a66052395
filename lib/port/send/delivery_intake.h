/*
 * The way in: reads records into letters and claims them in the ledger.
 */
#ifndef PORT_SEND_DELIVERY_INTAKE_H
#define PORT_SEND_DELIVERY_INTAKE_H

#include <stdbool.h>

#include "base/fail.h"
#include "port/send/delivery_state.h"

/* True if the run takes more input: neither ended, nor full, nor stopping. */
bool delivery_intake_is_open(const struct delivery_state *);

/* Read records, and claim a chunk when few claimed letters are left. */
int delivery_intake_refill(struct delivery_state *, struct fail *);

#endif
