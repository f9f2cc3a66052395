/*
 * All rates of a run: what the relay's account may be given, and how much of
 * it may be for one recipient domain. Shared by all processes on the machine.
 */
#ifndef PORT_RELAY_RATE_LIMITS_H
#define PORT_RELAY_RATE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

struct rate_limits;

#define RATE_LIMITS_DOMAINS 16
#define RATE_LIMITS_ALL (-1) /* every message, whatever its domain */

/*
 * Rates as in "14/s" and "gmail.com=20/min"; several may name a domain. The
 * database is the one at path; relay is borrowed. SYSTEM for a bad rate.
 */
int rate_limits_open(struct rate_limits **, const char *path, const char *relay,
    const char *account, const char *const *rates, size_t count, struct fail *);
void rate_limits_close(struct rate_limits *);

/* The domain's limit that a recipient falls under, or RATE_LIMITS_ALL. */
int rate_limits_of(const struct rate_limits *, struct str recipient);

/*
 * The time (ms since 1970) from which the next message under this limit may
 * leave: now or later. Each needs RATE_LIMITS_ALL and its domain's. want (1 at
 * least): how many may need one soon. -1: see fail.
 */
int64_t rate_limits_next(
    struct rate_limits *, int limit, int64_t now, size_t want, struct fail *);

/* The grant that rate_limits_next() told is used up. */
void rate_limits_use(struct rate_limits *, int limit);

/* The relay asked for less: see rate_share_throttle(). */
int rate_limits_throttle(struct rate_limits *, int64_t now, struct fail *);

#endif
