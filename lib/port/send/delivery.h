/*
 * Delivers a stream of message records: claim, send, write the outcome. Each
 * record with a recipient gets exactly one outcome, written after the ledger
 * has made it durable.
 *
 * Each turn: delivery_intake.c reads and claims letters, delivery_offer.c
 * offers them to the transport, delivery.c records the intents and opens the
 * gates, delivery_outcome.c records and writes the outcomes.
 */
#ifndef PORT_SEND_DELIVERY_H
#define PORT_SEND_DELIVERY_H

#include "base/fail.h"
#include "port/send/delivery_params.h"

/*
 * 0: every record has its outcome; the filter has the exit status. -1: the run
 * was abandoned, and the ledger's recovery will settle what was under way. The
 * transport is closed.
 */
int delivery_run(const struct delivery_params *, struct fail *);

#endif
