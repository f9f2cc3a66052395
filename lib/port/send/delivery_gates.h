/*
 * The gates of a run: which letters get their intent and may be delivered, and
 * what follows when replies are lost. A letter at the gate is held, without an
 * intent, while too many dots are under way; then it is intended, and released
 * when the intent is durable; then its reply is awaited.
 */
#ifndef PORT_SEND_DELIVERY_GATES_H
#define PORT_SEND_DELIVERY_GATES_H

#include "port/send/delivery_state.h"

/* The letter is READY: intend it, or hold it while too many are under way. */
void delivery_gates_arrive(struct delivery_state *, struct letter *);

/*
 * The letter has another event: it is not at the gate any more. When so many
 * replies are lost that it is enough, the transport refuses.
 */
void delivery_gates_leave(
    struct delivery_state *, struct letter *, const struct transport_event *);

/* Intend letters that were held, as far as they may go now. */
void delivery_gates_intend(struct delivery_state *);

/* Open the gates of those whose intents are durable. */
void delivery_gates_open(struct delivery_state *);

#endif
