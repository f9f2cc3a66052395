/*
 * Refusals that may concern us: a refused letter is pending until ten others
 * are answered, and equal ones of all processes open the breaker
 * (mail/smtp/breaker.h), whose victims are put off and not charged.
 */
#ifndef PORT_SEND_DELIVERY_REFUSALS_H
#define PORT_SEND_DELIVERY_REFUSALS_H

#include <stdbool.h>

#include "base/fail.h"
#include "port/relay/transport_event.h"
#include "port/send/delivery_state.h"

/* Count the answer of an event DONE. True: the letter is settled or pending. */
bool delivery_refusals_take(
    struct delivery_state *, struct letter *, const struct transport_event *);

/* The letter left the transport without an answer. */
void delivery_refusals_skip(struct delivery_state *, const struct letter *);

/* GO: the letter has to be offered now. CLOSED: give it its outcome. */
enum answer_effect_gate delivery_refusals_gate(
    struct delivery_state *, const struct letter *);
void delivery_refusals_close(struct delivery_state *, struct letter *);

/* Settle what ten others have been answered after. */
void delivery_refusals_settle(struct delivery_state *);

/* Exchange answers with the other processes, when it is time. */
int delivery_refusals_share(struct delivery_state *, struct fail *);

/*
 * Nothing is under way: settle all that are pending. 1: some have outcomes to
 * be written, call again then; 0: nothing is left. -1.
 */
int delivery_refusals_finish(struct delivery_state *, struct fail *);

#endif
