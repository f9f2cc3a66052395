/*
 * Closing the breaker: an operator has looked, and asks for all victims again.
 */
#ifndef PORT_SEND_BREAKER_CLOSE_H
#define PORT_SEND_BREAKER_CLOSE_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/store/store.h"

/*
 * Forget the answers of the relay to this account, and the outages of domains.
 * Rows that a dead process has left as failed since the breaker opened are
 * reopened first. now: ms since 1970. TEMP, SYSTEM.
 */
int breaker_close(struct store *, struct str relay, struct str account,
    int64_t now, struct fail *);

#endif
