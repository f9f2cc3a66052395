#include "port/relay/relay_queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"

#define REDO_MAX 2  /* fresh connections for one message */
#define SLOW_MAX 3  /* throttled attempts at one message before it waits */
#define WAIT_MAX 60 /* seconds that are waited within a run */
#define BREAKER_WAIT (24 * 3600)

void
relay_queue_begin(struct relay_queue *js, const struct relay_params *params)
{
	size_t k, n = 2 * (size_t)params->connections;

	*js = (struct relay_queue){
	    .params = params, .name = relay_params_name(params)};
	js->pace = pace_of(
	    params->connections, params->max_retries, params->retry_ms / 30);
	js->all = mem_new(n * sizeof(*js->all));
	for (k = 0; k < n; k++) {
		js->all[k].next = js->spare;
		js->spare = &js->all[k];
	}
	js->strings = arena_new();
}

void
relay_queue_end(struct relay_queue *js)
{
	free(js->all);
	free(js->events);
	arena_free(js->strings);
	free(js->name);
}

/* --- what is told --- */

static struct transport_event *
push(struct relay_queue *js, enum transport_event_type type, struct envelope *e)
{
	struct transport_event *ev;

	js->events = mem_more(
	    js->events, js->event_count, &js->event_cap, sizeof(*js->events));
	ev = &js->events[js->event_count++];
	*ev = (struct transport_event){.type = type, .envelope = e};
	return ev;
}

bool
relay_queue_event(struct relay_queue *js, struct transport_event *ev)
{
	if (js->event_next == js->event_count)
		return false;
	*ev = js->events[js->event_next++];
	return true;
}

static struct str
keep(struct relay_queue *js, struct str s)
{
	if (s.n == 0)
		return (struct str){0};
	return arena_str(js->strings, s);
}

static struct outcome
outcome_of(struct relay_queue *js, enum outcome_status status,
    const char *class, enum reply_stage stage, const struct reply *reply)
{
	return (struct outcome){.status = status,
	    .class = class,
	    .stage = reply_stage_name(stage),
	    .code = reply->code,
	    .enhanced = keep(js, str_of(reply->enhanced)),
	    .reply = keep(js, str_of(reply->text)),
	    .relay = str_of(js->name)};
}

void
relay_queue_forget(struct relay_queue *js, struct relay_job *j)
{
	j->envelope = NULL;
	j->next = js->spare;
	js->spare = j;
	js->count--;
}

/* The job ends; the outcome may still be added to. */
static struct outcome *
done(
    struct relay_queue *js, struct relay_job *j, bool charged, struct outcome o)
{
	struct transport_event *ev = push(js, TRANSPORT_DONE, j->envelope);

	ev->outcome = o;
	ev->outcome.ms = js->now - j->begun;
	ev->charged = charged || j->told_ready;
	relay_queue_forget(js, j);
	return &ev->outcome;
}

/* --- the queue --- */

size_t
relay_queue_room(const struct relay_queue *js)
{
	return js->closed ? 0 : 2 * (size_t)js->params->connections - js->count;
}

void
relay_queue_offer(struct relay_queue *js, struct envelope *e)
{
	struct relay_job *j = js->spare;

	js->spare = j->next;
	*j = (struct relay_job){.envelope = e, .begun = clock_mono_ms()};
	js->count++;
	if (js->tail != NULL)
		js->tail->next = j;
	else
		js->head = j;
	js->tail = j;
}

static void
put_first(struct relay_queue *js, struct relay_job *j)
{
	j->next = js->head;
	js->head = j;
	if (js->tail == NULL)
		js->tail = j;
}

struct relay_job *
relay_queue_next(struct relay_queue *js)
{
	struct relay_job *j = js->head;

	if (j != NULL)
		js->head = j->next;
	if (js->head == NULL)
		js->tail = NULL;
	return j;
}

struct relay_job *
relay_queue_find(const struct relay_queue *js, const struct envelope *e)
{
	size_t k, n = 2 * (size_t)js->params->connections;

	for (k = 0; k < n; k++) {
		if (js->all[k].envelope == e)
			return &js->all[k];
	}
	return NULL;
}

/* --- stopping --- */

/* A message that comes back because nothing more is begun. */
static void
come_back(struct relay_queue *js, struct relay_job *j)
{
	struct outcome *o = done(js, j, false, js->stop);

	o->enhanced = keep(js, str_of(js->stop_reply.enhanced));
	o->reply = keep(js, str_of(js->stop_reply.text));
}

void
relay_queue_close(struct relay_queue *js)
{
	if (js->closed)
		return;
	js->closed = true;
	js->stop = (struct outcome){.status = OUTCOME_DEFERRED,
	    .class = "stopped",
	    .stage = reply_stage_name(STAGE_NONE)};
}

void
relay_queue_stop(struct relay_queue *js, int status,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	struct transport_event *ev;
	struct relay_job *j;

	if (js->stopped)
		return;
	js->closed = js->stopped = true;
	js->stop = outcome_of(js, OUTCOME_DEFERRED, v->class, stage, reply);
	js->stop_reply = *reply;
	if (v->wait > 0)
		js->stop.next_try = clock_wall_ms() + (int64_t)v->wait * 1000;
	ev = push(js, TRANSPORT_STOP, NULL);
	ev->outcome = js->stop;
	ev->status = status;
	while ((j = relay_queue_next(js)) != NULL)
		come_back(js, j);
}

void
relay_queue_turn(struct relay_queue *js)
{
	struct relay_job *j;

	/* Some may have come between two turns and not be told yet. */
	if (js->event_next == js->event_count) {
		arena_reset(js->strings);
		js->event_count = js->event_next = 0;
	}
	while (js->closed && (j = relay_queue_next(js)) != NULL)
		come_back(js, j);
}

/* --- what becomes of a message --- */

/* What was said before there was a recipient is not about this one. */
static bool
is_personal(enum reply_stage stage)
{
	return stage == STAGE_NONE || stage >= STAGE_RCPT;
}

static void
defer(struct relay_queue *js, struct relay_job *j,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	long long attempt = j->envelope->attempt;
	struct outcome *o;
	uint32_t random;

	crypto_random(&random, sizeof(random));
	o = done(js, j, is_personal(stage),
	    outcome_of(js, OUTCOME_DEFERRED, v->class, stage, reply));
	o->next_try = clock_wall_ms() +
		      retry_delay(v, attempt, js->params->retry_ms, random);
}

static void
sent(struct relay_queue *js, struct relay_job *j, const struct reply *reply)
{
	struct outcome *o;

	pace_success(&js->pace);
	breaker_accept(&js->breaker);
	o = done(
	    js, j, true, outcome_of(js, OUTCOME_SENT, "ok", STAGE_DOT, reply));
	o->queue_id = keep(js, reply_queue_id(str_of(reply->text)));
}

static void
refused(struct relay_queue *js, struct relay_job *j,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	static const struct retry_verdict open = {
	    RETRY_PAUSE, "breaker", BREAKER_WAIT, 0};
	bool personal = v->action == RETRY_DEAD ||
			strcmp(v->class, "mailbox_full") == 0 ||
			strcmp(v->class, "bad_address") == 0;

	pace_success(&js->pace);
	if (!breaker_refuse(&js->breaker, reply, personal)) {
		done(js, j, true,
		    outcome_of(js, OUTCOME_FAILED, v->class, stage, reply));
		return;
	}
	done(js, j, true,
	    outcome_of(js, OUTCOME_DEFERRED, open.class, stage, reply));
	relay_queue_stop(js, 75, &open, stage, reply);
}

static void
redo(struct relay_queue *js, struct relay_job *j, enum reply_stage stage,
    const struct reply *reply)
{
	static const struct retry_verdict later = {
	    RETRY_LATER, "connection", 0, 0};

	if (js->closed)
		come_back(js, j);
	else if (j->redone++ < REDO_MAX)
		put_first(js, j);
	else
		defer(js, j, &later, stage, reply);
}

static void
slow(struct relay_queue *js, struct relay_job *j, const struct retry_verdict *v,
    enum reply_stage stage, const struct reply *reply)
{
	bool go_on = pace_complaint(&js->pace, js->now) && v->wait <= WAIT_MAX;

	push(js, TRANSPORT_SLOW, NULL);
	if (go_on && !js->closed && j->slowed++ < SLOW_MAX)
		put_first(js, j);
	else
		defer(js, j, v, stage, reply);
	if (!go_on)
		relay_queue_stop(js, 75, v, stage, reply);
}

static void
later(struct relay_queue *js, struct relay_job *j,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	if (v->tries > 0 && j->envelope->attempt >= v->tries) {
		refused(js, j, v, stage, reply);
		return;
	}
	pace_success(&js->pace);
	defer(js, j, v, stage, reply);
}

bool
relay_queue_judge(struct relay_queue *js, struct relay_job *j,
    enum reply_stage stage, const struct reply *reply, bool reused)
{
	struct retry_verdict v =
	    retry_judge(js->params->profile, stage, reply, reused);

	switch (v.action) {
	case RETRY_OK:
		sent(js, j, reply);
		break;
	case RETRY_REDO:
		redo(js, j, stage, reply);
		return true;
	case RETRY_LATER:
		later(js, j, &v, stage, reply);
		break;
	case RETRY_SLOW:
		slow(js, j, &v, stage, reply);
		break;
	case RETRY_FAIL:
	case RETRY_DEAD:
		refused(js, j, &v, stage, reply);
		break;
	case RETRY_PAUSE:
	case RETRY_ABORT:
		defer(js, j, &v, stage, reply);
		relay_queue_stop(
		    js, v.action == RETRY_ABORT ? 255 : 75, &v, stage, reply);
		break;
	case RETRY_MAYBE:
		done(js, j, true,
		    outcome_of(js, OUTCOME_IN_DOUBT, v.class, stage, reply));
		break;
	}
	return false;
}

void
relay_queue_ready(struct relay_queue *js, struct relay_job *j)
{
	j->told_ready = true;
	push(js, TRANSPORT_READY, j->envelope);
}

void
relay_queue_unfit(
    struct relay_queue *js, struct relay_job *j, enum ehlo_result why)
{
	static const struct {
		const char *class, *text;
	} reasons[] = {
	    [EHLO_FITS] = {"ok", ""},
	    [EHLO_BAD_ADDRESS] = {"bad_address",
		"the address cannot stand in an SMTP command"},
	    [EHLO_BAD_CONTENT] = {"content",
		"the message has NUL, a bare CR or LF, or 8-bit bytes that "
		"the relay does not take"},
	    [EHLO_TOO_BIG] = {"too_big",
		"the message is larger than the relay takes"},
	    [EHLO_NEEDS_UTF8] = {"needs_smtputf8",
		"the address needs SMTPUTF8, which the relay does not offer"},
	};
	struct retry_verdict v = {RETRY_ABORT, reasons[why].class, 0, 0};
	struct reply reply = {0};

	strcpy(reply.text, reasons[why].text);
	if (why != EHLO_TOO_BIG) {
		done(js, j, true,
		    outcome_of(
			js, OUTCOME_FAILED, v.class, STAGE_NONE, &reply));
		return;
	}
	/* All have about the same size: one at a time would be no mercy. */
	relay_queue_stop(js, 255, &v, STAGE_EHLO, &reply);
	come_back(js, j);
}
