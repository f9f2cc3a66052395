/*
 * How hard the relay may be pressed: how many connections, and when to be
 * quiet for a while.
 */
#ifndef MAIL_SMTP_PACE_H
#define MAIL_SMTP_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Times are milliseconds of any clock that only goes forward. */
struct pace {
	int most;        /* connections asked for */
	int limit;       /* connections allowed now */
	int max_retries; /* failures in a row before it gives up */
	int64_t step_ms; /* the first quiet while; doubles up to a minute */

	int64_t quiet;  /* nothing is begun before */
	int failures;   /* connections in a row that did nothing */
	int complaints; /* of the relay, in a row */
	int unblamed;   /* messages since the last of either */
};

struct pace pace_of(int connections, int max_retries, int64_t step_ms);

/* A message was accepted or refused for itself: the relay works. */
void pace_success(struct pace *);

/* The relay asks for less. False: for too often, give up. */
bool pace_complaint(struct pace *, int64_t now);

/*
 * A connection came to nothing while so many are up. False: too often, give
 * up. The first one lost on the way may be tried again at once.
 */
bool pace_failure(struct pace *, int up, bool at_once, int64_t now);

/* Connections that may be opened now, having so many, some still opening. */
int pace_more(const struct pace *, int have, int opening, int64_t now);

#endif
