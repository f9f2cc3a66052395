/*
 * What a relay's account may be given: the rate, shared by all processes on
 * the machine.
 */
#ifndef PORT_ALLOWANCE_H
#define PORT_ALLOWANCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"
#include "mail/smtp/rate.h"
#include "port/db/db.h"

#define ALLOWANCE_RATES 8

struct allowance;

/*
 * A connection of its own to the database at path: grants are committed
 * without a sync, since after a power cut none is in use. relay and account
 * are borrowed. count may be 0: no limit.
 */
int allowance_open(struct allowance **, const char *path, const char *relay,
    const char *account, const struct rate *, size_t count, struct fail *);
void allowance_close(struct allowance *);

/*
 * The time (ms since 1970) from which the next message may leave: now or
 * later. Grants are fetched for about 100 ms at a time, and no more than are
 * wanted (1 at least). -1: see fail.
 */
int64_t allowance_next(
    struct allowance *, int64_t now, size_t want, struct fail *);

/* The grant that allowance_next() told is used up. */
void allowance_use(struct allowance *);

/* The relay asked for less: half the rate for everybody, +10 % a minute. */
int allowance_throttle(struct allowance *, int64_t now, struct fail *);

#endif
