/* The envelopes in the relay's hands; some wait for a connection, in order. */
#ifndef PORT_RELAY_RELAY_QUEUE_H
#define PORT_RELAY_RELAY_QUEUE_H

#include "mail/smtp/pace.h"
#include "mail/smtp/retry.h"
#include "port/relay/relay_events.h"
#include "port/relay/relay_job.h"
#include "port/relay/relay_params.h"

struct relay_queue {
	const struct relay_params *params;
	struct pace pace;
	int64_t now;                   /* monotonic ms; the owner sets it */
	struct relay_job *all, *spare; /* two for each connection */
	struct relay_job *head, *tail; /* these wait for a connection */
	size_t count;                  /* in hand */
	struct relay_events events;
	bool stopped; /* begins nothing more; waiting jobs return */
	bool refused; /* and it is the relay that takes no more */
	bool cut;     /* what a connection has in hand may be refused as well */
	bool told;    /* that a connection failed */
	struct outcome stop_outcome;
	struct reply stop_reply;
};
void relay_queue_init(struct relay_queue *, const struct relay_params *);
void relay_queue_free(struct relay_queue *);
/* Forget the events that the caller has had; return waiting jobs if stopped. */
void relay_queue_start_turn(struct relay_queue *);

size_t relay_queue_room(const struct relay_queue *);
void relay_queue_offer(struct relay_queue *, struct envelope *);
struct relay_job *relay_queue_next(struct relay_queue *); /* or NULL */
struct relay_job *relay_queue_find(
    const struct relay_queue *, const struct envelope *); /* or NULL */
void relay_queue_put_first(struct relay_queue *, struct relay_job *);

/* Add the event READY; remove the job without an event. */
void relay_queue_ready(struct relay_queue *, struct relay_job *);
void relay_queue_remove(struct relay_queue *, struct relay_job *);

/* With the event DONE; its outcome may be changed at once. */
struct outcome *relay_queue_done(
    struct relay_queue *, struct relay_job *, bool charged, struct outcome);

/* As relay_queue_done() with the outcome for what was not begun. */
void relay_queue_return(struct relay_queue *, struct relay_job *);
/* Begin nothing more; what a connection has been given goes on. */
void relay_queue_stop(struct relay_queue *);

/* The event REFUSED with this exit status, of this envelope or NULL; all that
 * wait return, or, of a scope that is not whole, the connection is cut. */
void relay_queue_refuse(struct relay_queue *, int status,
    const struct retry_verdict *, enum reply_stage, const struct reply *,
    struct envelope *);
bool relay_queue_take_cut(struct relay_queue *); /* and forget it */

#endif
