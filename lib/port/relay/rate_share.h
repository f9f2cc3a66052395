/*
 * The rate at which messages may leave for a relay's account, shared by all
 * processes through a store (store->rates).
 */
#ifndef PORT_RELAY_RATE_SHARE_H
#define PORT_RELAY_RATE_SHARE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/smtp/rate.h"
#include "port/store/store.h"

#define RATE_SHARE_RATES 8

struct rate_share;

/*
 * At most RATE_SHARE_RATES rates; none: no limit, and book may be NULL. relay
 * and account are borrowed.
 */
struct rate_share *rate_share_new(struct rate_book *book, const char *relay,
    const char *account, const struct rate *, size_t count);
void rate_share_free(struct rate_share *);

/*
 * When the next message may leave, in ms of the monotonic clock: now or later.
 * wall is the same moment in ms since 1970, by which all processes count; a
 * grant that is fetched does not depend on it any more. Grants are fetched for
 * about 25 ms at a time, and at most want of them (at least 1). -1: TEMP,
 * SYSTEM.
 */
int64_t rate_share_next(
    struct rate_share *, int64_t now, int64_t wall, size_t want, struct fail *);

/* Use up the grant that rate_share_next() returned. */
void rate_share_use(struct rate_share *);

/* Halve the rate for all processes; it recovers by 10 % a minute. */
int rate_share_throttle(struct rate_share *, int64_t wall, struct fail *);

#endif
