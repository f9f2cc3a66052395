/*
 * What a relay's account may be given: the rate, shared by all processes on
 * the machine.
 */
#ifndef PORT_RELAY_RATE_SHARE_H
#define PORT_RELAY_RATE_SHARE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/smtp/rate.h"
#include "port/db/db.h"

#define RATE_SHARE_RATES 8

struct rate_share;

/*
 * A connection of its own to the database at path: grants are committed
 * without a sync, since after a power cut none is in use. relay and account
 * are borrowed. count may be 0: no limit.
 */
int rate_share_open(struct rate_share **, const char *path, const char *relay,
    const char *account, const struct rate *, size_t count, struct fail *);
void rate_share_close(struct rate_share *);

/*
 * The time (ms since 1970) from which the next message may leave: now or
 * later. Grants are fetched for about 100 ms at a time, and no more than are
 * wanted (1 at least). -1: see fail.
 */
int64_t rate_share_next(
    struct rate_share *, int64_t now, size_t want, struct fail *);

/* The grant that rate_share_next() told is used up. */
void rate_share_use(struct rate_share *);

/* The relay asked for less: half the rate for everybody, +10 % a minute. */
int rate_share_throttle(struct rate_share *, int64_t now, struct fail *);

#endif
