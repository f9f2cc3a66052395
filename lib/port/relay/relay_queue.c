#include "port/relay/relay_queue.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

void
relay_queue_init(struct relay_queue *q, const struct relay_params *params)
{
	size_t k, n = 2 * (size_t)params->connections;

	*q = (struct relay_queue){.params = params};
	q->pace = pace_of(
	    params->connections, params->max_retries, params->retry_ms / 30);
	q->all = mem_new(n * sizeof(*q->all));
	for (k = 0; k < n; k++) {
		q->all[k].next = q->spare;
		q->spare = &q->all[k];
	}
	relay_events_init(&q->events, relay_params_name(params));
}

void
relay_queue_free(struct relay_queue *q)
{
	free(q->all);
	relay_events_free(&q->events);
}

void
relay_queue_ready(struct relay_queue *q, struct relay_job *j)
{
	j->told_ready = true;
	relay_events_add(&q->events, TRANSPORT_READY, j->envelope);
}

void
relay_queue_remove(struct relay_queue *q, struct relay_job *j)
{
	j->envelope = NULL;
	j->next = q->spare;
	q->spare = j;
	q->count--;
}

struct outcome *
relay_queue_done(
    struct relay_queue *q, struct relay_job *j, bool charged, struct outcome o)
{
	struct transport_event *ev =
	    relay_events_add(&q->events, TRANSPORT_DONE, j->envelope);

	ev->outcome = o;
	ev->outcome.ms = q->now - j->begun;
	ev->charged = charged || j->told_ready;
	relay_queue_remove(q, j);
	return &ev->outcome;
}

size_t
relay_queue_room(const struct relay_queue *q)
{
	return q->stopped ? 0 : 2 * (size_t)q->params->connections - q->count;
}

void
relay_queue_offer(struct relay_queue *q, struct envelope *e)
{
	struct relay_job *j = q->spare;

	q->spare = j->next;
	*j = (struct relay_job){.envelope = e, .begun = clock_mono_ms()};
	q->count++;
	if (q->tail != NULL)
		q->tail->next = j;
	else
		q->head = j;
	q->tail = j;
}

void
relay_queue_put_first(struct relay_queue *q, struct relay_job *j)
{
	j->next = q->head;
	q->head = j;
	if (q->tail == NULL)
		q->tail = j;
}

struct relay_job *
relay_queue_next(struct relay_queue *q)
{
	struct relay_job *j = q->head;

	if (j != NULL)
		q->head = j->next;
	if (q->head == NULL)
		q->tail = NULL;
	return j;
}

struct relay_job *
relay_queue_find(const struct relay_queue *q, const struct envelope *e)
{
	size_t k, n = 2 * (size_t)q->params->connections;

	for (k = 0; k < n; k++) {
		if (q->all[k].envelope == e)
			return &q->all[k];
	}
	return NULL;
}

void
relay_queue_return(struct relay_queue *q, struct relay_job *j)
{
	struct outcome *o = relay_queue_done(q, j, false, q->stop_outcome);

	o->enhanced =
	    relay_events_text(&q->events, str_of(q->stop_reply.enhanced));
	o->reply = relay_events_text(&q->events, str_of(q->stop_reply.text));
}

void
relay_queue_stop(struct relay_queue *q)
{
	if (q->stopped)
		return;
	q->stopped = true;
	q->stop_outcome = (struct outcome){.status = OUTCOME_DEFERRED,
	    .class = "stopped",
	    .stage = reply_stage_name(STAGE_NONE)};
}

void
relay_queue_refuse(struct relay_queue *q, int status,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply, struct envelope *e)
{
	struct transport_event *ev;
	struct relay_job *j;

	if (q->refused)
		return;
	ev = relay_events_add(&q->events, TRANSPORT_REFUSED, e);
	ev->outcome = relay_events_outcome(
	    &q->events, OUTCOME_DEFERRED, v->class, stage, reply);
	if (v->wait > 0)
		ev->outcome.next_try =
		    clock_wall_ms() + (int64_t)v->wait * 1000;
	ev->status = status;
	ev->scope = v->scope;
	q->cut = !stop_scope_is_whole(v->scope);
	if (q->cut)
		return;
	q->stopped = q->refused = true;
	q->stop_outcome = ev->outcome;
	q->stop_reply = *reply;
	while ((j = relay_queue_next(q)) != NULL)
		relay_queue_return(q, j);
}

bool
relay_queue_take_cut(struct relay_queue *q)
{
	bool cut = q->cut;

	q->cut = false;
	return cut;
}

void
relay_queue_start_turn(struct relay_queue *q)
{
	struct relay_job *j;

	relay_events_reset(&q->events);
	while (q->stopped && (j = relay_queue_next(q)) != NULL)
		relay_queue_return(q, j);
}
