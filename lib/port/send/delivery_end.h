/*
 * How a run ends before its input does: by a signal or the deadline, because
 * the relay refuses us, or by a failure.
 */
#ifndef PORT_SEND_DELIVERY_END_H
#define PORT_SEND_DELIVERY_END_H

#include "base/fail.h"
#include "port/send/delivery_state.h"

/* Look whether a signal or the deadline wants the run to stop: the first signal
 * stops it with what comes within two seconds, a later one abandons it. */
void delivery_end_signals(struct delivery_state *);

/* Defer all letters that are not under way. */
void delivery_end_return(struct delivery_state *);

/*
 * The run has failed: nothing more is offered and no gate is opened. Takes the
 * replies to the messages that have left, brings them into the journal or the
 * rows, and writes their outcomes. The second of two signals ends it at once.
 */
void delivery_end_failed(struct delivery_state *, const struct fail *);

#endif
