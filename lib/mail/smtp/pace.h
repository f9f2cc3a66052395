/*
 * The load that a relay can take: the number of connections, and pauses in
 * which no connection or message is begun.
 */
#ifndef MAIL_SMTP_PACE_H
#define MAIL_SMTP_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Times are milliseconds of a monotonic clock. */
struct pace {
	int most;        /* connections asked for */
	int limit;       /* connections allowed now */
	int max_retries; /* failures or complaints in a row to survive */
	int64_t step_ms; /* the first pause; doubles up to a minute */

	int64_t quiet;  /* time when the pause ends */
	int failures;   /* connections in a row that sent nothing */
	int complaints; /* of the relay in a row */
	int unblamed;   /* messages since the last failure or complaint */
};

/* A pace that starts with all connections allowed. */
struct pace pace_of(int connections, int max_retries, int64_t step_ms);

/* A message was accepted, or refused for its own sake: the relay works. */
void pace_success(struct pace *);

/* The relay asks for less load. False: too often in a row, give up. */
bool pace_complaint(struct pace *, int64_t now);

/*
 * A connection failed while so many are up. False: too often in a row, give
 * up. at_once: the first failure in a row needs no pause.
 */
bool pace_failure(struct pace *, int up, bool at_once, int64_t now);

/* Connections to open now; have: existing ones, the opening ones included. */
int pace_more(const struct pace *, int have, int opening, int64_t now);

#endif
