/*
 * Lost replies, whose window all processes share through a store
 * (mail/smtp/losses.h).
 */
#ifndef PORT_RELAY_LOSS_SHARE_H
#define PORT_RELAY_LOSS_SHARE_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/smtp/losses.h"
#include "port/store/store.h"

/*
 * A reply was lost at now (ms since 1970): counts it among those of all
 * processes. Losses are forgotten after an hour without one, and behind a
 * window that is enough (losses_are_many()). TEMP, SYSTEM.
 */
int loss_share_lose(struct relay_memory *, struct str relay, struct str account,
    struct losses *, int64_t now, struct fail *);

#endif
