/*
 * Delivers a stream of message records: claim, send, write the outcome. Each
 * record with a recipient gets exactly one outcome, written after the ledger
 * has made it durable.
 *
 * Each turn: delivery_intake.c reads and claims letters, delivery_offer.c
 * offers them to the transport, delivery_gates.c records the intents and opens
 * the gates, delivery_event.c takes what the transport reports,
 * delivery_outcome.c records and writes the outcomes. delivery_end.c ends a run
 * early: by a signal, a refusal or a failure.
 */
#ifndef PORT_SEND_DELIVERY_H
#define PORT_SEND_DELIVERY_H

#include "base/fail.h"
#include "port/send/delivery_params.h"

/*
 * 0: every record has its outcome; the filter has the exit status. -1: the run
 * has failed, SYSTEM or TEMP; the replies to what had left were taken, unless a
 * second signal ended that, too. The transport is closed.
 */
int delivery_run(const struct delivery_params *, struct fail *);

#endif
