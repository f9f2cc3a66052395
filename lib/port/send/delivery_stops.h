/*
 * The stops (relay_stops.h) that concern a run: those of its relay and account,
 * by this process or another.
 */
#ifndef PORT_SEND_DELIVERY_STOPS_H
#define PORT_SEND_DELIVERY_STOPS_H

#include "port/send/delivery_state.h"

/*
 * Read the stops again if a second has passed; one of account or relay, by
 * another process, ends the run. TEMP, SYSTEM.
 */
int delivery_stops_look(struct delivery_state *, struct fail *);

/*
 * The relay refuses a scope: keep that for later runs, tell it, and end the run
 * if nothing else could be sent.
 */
void delivery_stops_add(
    struct delivery_state *, const struct transport_event *);

/* Keep and tell a stop that has another cause. */
void delivery_stops_put(
    struct delivery_state *, const struct relay_stop *, int status);

/*
 * True if the letter's domain, mailing or sender is stopped: its claim is given
 * back, and it has its outcome.
 */
bool delivery_stops_hold(struct delivery_state *, struct letter *);

/* The letter is not due; a stop that concerns it is told all the same. */
void delivery_stops_meet(struct delivery_state *, const struct letter *);

void delivery_stops_init(struct delivery_state *);
void delivery_stops_free(struct delivery_state *);

#endif
