/*
 * What a run's answers say of mailboxes, for the register of bounces.
 */
#ifndef PORT_SEND_DELIVERY_BOUNCES_H
#define PORT_SEND_DELIVERY_BOUNCES_H

#include "base/fail.h"
#include "port/send/delivery_state.h"

/* The letter has its final outcome of this run. */
void delivery_bounces_note(struct delivery_state *, const struct letter *);

/* At the end of the run. TEMP, SYSTEM. */
int delivery_bounces_enter(struct delivery_state *, struct fail *);

#endif
