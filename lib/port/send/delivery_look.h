/*
 * What the ledger and the register say of a claimed letter, once more before
 * its MAIL, and perhaps at its intent.
 */
#ifndef PORT_SEND_DELIVERY_LOOK_H
#define PORT_SEND_DELIVERY_LOOK_H

#include "base/fail.h"
#include "port/send/delivery_state.h"

/* 1: send the letter; 0: it has another outcome. TEMP, SYSTEM. */
int delivery_look_again(
    struct delivery_state *, struct letter *, struct fail *);

/* The letter's intent does not stand: give it its outcome. */
void delivery_look_refused(
    struct delivery_state *, struct letter *, enum ledger_grant);

#endif
