/*
 * All rates of a run: how many messages may leave for the relay's account, and
 * how many of them for one recipient domain. All processes that use a store
 * share them.
 */
#ifndef PORT_RELAY_RATE_LIMITS_H
#define PORT_RELAY_RATE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/store/store.h"

struct rate_limits;

#define RATE_LIMITS_DOMAINS 16
#define RATE_LIMITS_ALL (-1) /* every message, whatever its domain */

/*
 * Rates as in "14/s" and "gmail.com=20/min"; a domain may have several. The
 * store, relay and rates are borrowed. SYSTEM for a bad rate.
 */
int rate_limits_new(struct rate_limits **, struct store *, const char *relay,
    const char *account, const char *const *rates, size_t count, struct fail *);
void rate_limits_free(struct rate_limits *);

/* The limit of the recipient's domain, or RATE_LIMITS_ALL. */
int rate_limits_of(const struct rate_limits *, struct str recipient);

/*
 * When the next message under this limit may leave, in ms of the monotonic
 * clock: now or later. wall is now in ms since 1970. A message needs a grant of
 * RATE_LIMITS_ALL and of its domain's limit. want: how many messages may need a
 * grant soon, at least 1. -1: TEMP, SYSTEM.
 */
int64_t rate_limits_next(struct rate_limits *, int limit, int64_t now,
    int64_t wall, size_t want, struct fail *);

/* Use up the grant that rate_limits_next() returned. */
void rate_limits_use(struct rate_limits *, int limit);

/* The relay asked us to slow down: see rate_share_throttle(). */
int rate_limits_throttle(struct rate_limits *, int64_t wall, struct fail *);

/*
 * A reply to a dot has come; one was lost, 1: so many are that nothing more is
 * to be sent; how many dots may be under way (mail/smtp/losses.h). The losses
 * of all processes count.
 */
void rate_limits_answer(struct rate_limits *);
int rate_limits_lose(struct rate_limits *, int64_t wall, struct fail *);
size_t rate_limits_dots(const struct rate_limits *);

#endif
