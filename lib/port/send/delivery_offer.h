/*
 * The way to the transport: offers claimed letters as fast as the rates allow.
 */
#ifndef PORT_SEND_DELIVERY_OFFER_H
#define PORT_SEND_DELIVERY_OFFER_H

#include "base/fail.h"
#include "port/send/delivery_state.h"

/* Offer as many claimed letters as the transport and the rates take now. */
int delivery_offer_all(struct delivery_state *, struct fail *);

#endif
