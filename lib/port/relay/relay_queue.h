/*
 * The envelopes that the relay has in hand: those that wait for a connection,
 * what the replies to them mean, and what is told about them.
 */
#ifndef PORT_JOBS_H
#define PORT_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/smtp/breaker.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/pace.h"
#include "mail/smtp/retry.h"
#include "port/relay/relay_params.h"
#include "port/relay/transport.h"

struct session;

struct job {
	struct job *next;
	struct envelope *envelope; /* NULL: a spare one */
	struct session *session;   /* that it was given to last */
	int redone, slowed;
	bool told_ready; /* an intent may stand in the ledger */
	int64_t begun;
};

struct jobs {
	const struct relay_params *params;
	char *name; /* of the relay */
	struct pace pace;
	struct breaker breaker;
	int64_t now; /* monotonic ms; the owner keeps it */

	struct job *all, *spare; /* two a connection */
	struct job *head, *tail; /* waiting for a connection */
	size_t count;            /* in hand */

	struct transport_event *events;
	size_t event_count, event_cap, event_next;
	struct arena *strings; /* of the events */

	bool closed;         /* nothing more is begun: what waits comes back */
	bool stopped;        /* the relay refuses us, too */
	struct outcome stop; /* why */
	struct reply stop_reply;
};

void jobs_begin(struct jobs *, const struct relay_params *);
void jobs_end(struct jobs *);

/* Forget the events if all are told; give back what waits though nothing is
 * begun. */
void jobs_turn(struct jobs *);
bool jobs_event(struct jobs *, struct transport_event *);

size_t jobs_room(const struct jobs *);
void jobs_offer(struct jobs *, struct envelope *);
struct job *jobs_next(struct jobs *); /* NULL: none waits */
struct job *jobs_find(const struct jobs *, const struct envelope *);

/* It is not to leave, and nobody is told. */
void jobs_forget(struct jobs *, struct job *);

/* It stands before the gate. */
void jobs_ready(struct jobs *, struct job *);

/* It cannot go through this relay at all. */
void jobs_unfit(struct jobs *, struct job *, enum ehlo_result);

/*
 * What was said about it, or that nothing was. True when the connection is
 * to be used no longer.
 */
bool jobs_judge(struct jobs *, struct job *, enum reply_stage,
    const struct reply *, bool reused);

/* Begin nothing more; what a connection has been given goes on. */
void jobs_close(struct jobs *);

/* TRANSPORT_STOP with this status; all that wait come back. */
void jobs_stop(struct jobs *, int status, const struct retry_verdict *,
    enum reply_stage, const struct reply *);

#endif
