/*
 * What the transport reports: intents, outcomes, and the end of the run.
 */
#ifndef PORT_SEND_DELIVERY_EVENT_H
#define PORT_SEND_DELIVERY_EVENT_H

#include "port/relay/transport_event.h"
#include "port/send/delivery_state.h"

/* A broken run makes no new intents, and takes outcomes all the same. */
void delivery_event_handle(
    struct delivery_state *, const struct transport_event *);

#endif
