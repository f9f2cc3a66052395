/*
 * One envelope in the relay's hands, from its offer to its outcome.
 */
#ifndef PORT_RELAY_RELAY_JOB_H
#define PORT_RELAY_RELAY_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "port/relay/envelope.h"

struct session;

struct relay_job {
	struct relay_job *next;
	struct envelope *envelope; /* NULL: the job is unused */
	struct session *session;   /* the last one that the job was given to */
	int redone;      /* times that it was tried on a fresh connection */
	int slowed;      /* attempts at which the relay asked for less */
	bool told_ready; /* the ledger may hold an intent */
	bool withheld;   /* it gets no event any more */
	int64_t begun;   /* monotonic ms of the offer */
};

#endif
