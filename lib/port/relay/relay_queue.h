/*
 * The envelopes that the relay has in hand: those that wait for a connection,
 * what the replies to them mean, and what is told about them.
 */
#ifndef PORT_RELAY_RELAY_QUEUE_H
#define PORT_RELAY_RELAY_QUEUE_H

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

struct relay_job {
	struct relay_job *next;
	struct envelope *envelope; /* NULL: a spare one */
	struct session *session;   /* that it was given to last */
	int redone, slowed;
	bool told_ready; /* an intent may stand in the ledger */
	int64_t begun;
};

struct relay_queue {
	const struct relay_params *params;
	char *name; /* of the relay */
	struct pace pace;
	struct breaker breaker;
	int64_t now; /* monotonic ms; the owner keeps it */

	struct relay_job *all, *spare; /* two a connection */
	struct relay_job *head, *tail; /* waiting for a connection */
	size_t count;                  /* in hand */

	struct transport_event *events;
	size_t event_count, event_cap, event_next;
	struct arena *strings; /* of the events */

	bool closed;         /* nothing more is begun: what waits comes back */
	bool stopped;        /* the relay refuses us, too */
	struct outcome stop; /* why */
	struct reply stop_reply;
};

void relay_queue_begin(struct relay_queue *, const struct relay_params *);
void relay_queue_end(struct relay_queue *);

/* Forget the events if all are told; give back what waits though nothing is
 * begun. */
void relay_queue_turn(struct relay_queue *);
bool relay_queue_event(struct relay_queue *, struct transport_event *);

size_t relay_queue_room(const struct relay_queue *);
void relay_queue_offer(struct relay_queue *, struct envelope *);
struct relay_job *relay_queue_next(struct relay_queue *); /* NULL: none waits */
struct relay_job *relay_queue_find(
    const struct relay_queue *, const struct envelope *);

/* It is not to leave, and nobody is told. */
void relay_queue_forget(struct relay_queue *, struct relay_job *);

/* It stands before the gate. */
void relay_queue_ready(struct relay_queue *, struct relay_job *);

/* It cannot go through this relay at all. */
void relay_queue_unfit(
    struct relay_queue *, struct relay_job *, enum ehlo_result);

/*
 * What was said about it, or that nothing was. True when the connection is
 * to be used no longer.
 */
bool relay_queue_judge(struct relay_queue *, struct relay_job *,
    enum reply_stage, const struct reply *, bool reused);

/* Begin nothing more; what a connection has been given goes on. */
void relay_queue_close(struct relay_queue *);

/* TRANSPORT_STOP with this status; all that wait come back. */
void relay_queue_stop(struct relay_queue *, int status,
    const struct retry_verdict *, enum reply_stage, const struct reply *);

#endif
