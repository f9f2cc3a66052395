#include "port/relay.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "mail/breaker.h"
#include "port/session.h"

#define REDO_MAX 2 /* fresh connections for one message */
#define SLOW_MAX 3 /* throttled attempts at one message before it waits */
#define SLOW_MS_MAX 60000
#define GOODBYE_MS 2000
#define RECOVER 100 /* messages without complaint that earn a connection */

/* A message on its way. */
struct job {
	struct job *next;
	struct envelope *envelope; /* NULL: a spare one */
	struct session *session;   /* that it was given to last */
	int redone, slowed;
	bool told_ready; /* an intent may stand in the ledger */
	int64_t begun;
};

struct relay {
	struct transport base;
	const struct relay_params *params;
	char *name;
	struct links *links;
	struct session **sessions; /* params->connections places */
	struct link_poll *polls;
	struct session **polled;
	int limit;    /* connections allowed now */
	int unblamed; /* messages since the last complaint */

	struct job *jobs, *spare; /* two a connection */
	struct job *head, *tail;  /* waiting for a connection */
	size_t in_hand;

	struct transport_event *events;
	size_t event_count, event_cap, event_next;
	struct arena *strings; /* of the events */

	int64_t now;    /* monotonic ms */
	int64_t quiet;  /* nothing is begun before */
	int failures;   /* connections in a row that did nothing */
	int complaints; /* SLOW in a row */
	struct breaker breaker;
	bool stopped;
	const char *stop_class, *stop_stage;
	struct reply stop_reply;
	int stop_wait;
};

static struct relay *
self(struct transport *t)
{
	return (struct relay *)t;
}

static int64_t
clock_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- what is told --- */

static struct transport_event *
push(struct relay *r, enum transport_event_type type, struct envelope *e)
{
	struct transport_event *ev;

	if (r->event_count == r->event_cap) {
		r->event_cap = r->event_cap > 0 ? 2 * r->event_cap : 16;
		r->events =
		    mem_grow(r->events, r->event_cap, sizeof(*r->events));
	}
	ev = &r->events[r->event_count++];
	*ev = (struct transport_event){.type = type, .envelope = e};
	return ev;
}

static struct str
keep(struct relay *r, const char *text)
{
	size_t n = strlen(text);

	if (n == 0)
		return (struct str){0};
	return (struct str){arena_dup(r->strings, text, n), n};
}

static void
fill(struct relay *r, struct outcome *o, const char *class, const char *stage,
    const struct reply *reply)
{
	o->class = class;
	o->stage = stage;
	o->code = reply->code;
	o->enhanced = keep(r, reply->enhanced);
	o->reply = keep(r, reply->text);
	o->relay = str_of(r->name);
}

/* --- jobs --- */

static void
enqueue(struct relay *r, struct job *j)
{
	j->next = NULL;
	if (r->tail != NULL)
		r->tail->next = j;
	else
		r->head = j;
	r->tail = j;
}

static void
enqueue_first(struct relay *r, struct job *j)
{
	j->next = r->head;
	r->head = j;
	if (r->tail == NULL)
		r->tail = j;
}

static struct job *
dequeue(struct relay *r)
{
	struct job *j = r->head;

	if (j != NULL)
		r->head = j->next;
	if (r->head == NULL)
		r->tail = NULL;
	return j;
}

static void
forget(struct relay *r, struct job *j)
{
	j->envelope = NULL;
	j->next = r->spare;
	r->spare = j;
	r->in_hand--;
}

static struct outcome *
done(struct relay *r, struct job *j, enum outcome_status status,
    const char *class, enum reply_stage stage, const struct reply *reply)
{
	struct transport_event *ev = push(r, TRANSPORT_DONE, j->envelope);

	fill(r, &ev->outcome, class, reply_stage_name(stage), reply);
	ev->outcome.status = status;
	ev->outcome.ms = r->now - j->begun;
	ev->charged =
	    j->told_ready || stage >= STAGE_RCPT || stage == STAGE_NONE;
	forget(r, j);
	return &ev->outcome;
}

static void
defer(struct relay *r, struct job *j, const struct retry_verdict *v,
    enum reply_stage stage, const struct reply *reply)
{
	long long attempt = j->envelope->attempt;
	struct outcome *o;
	uint32_t random;

	crypto_random(&random, sizeof(random));
	o = done(r, j, OUTCOME_DEFERRED, v->class, stage, reply);
	o->next_try = clock_ms(CLOCK_REALTIME) +
		      retry_delay(v, attempt, r->params->retry_ms, random);
}

/* --- stopping --- */

/* A message that comes back because the run has stopped. */
static void
come_back(struct relay *r, struct job *j)
{
	struct outcome *o = done(
	    r, j, OUTCOME_DEFERRED, r->stop_class, STAGE_NONE, &r->stop_reply);

	o->stage = r->stop_stage;
	r->events[r->event_count - 1].charged = j->told_ready;
	if (r->stop_wait > 0)
		o->next_try =
		    clock_ms(CLOCK_REALTIME) + (int64_t)r->stop_wait * 1000;
}

static void
stop(struct relay *r, int status, const struct retry_verdict *v,
    enum reply_stage stage, const struct reply *reply)
{
	struct transport_event *ev;
	struct job *j;
	int i;

	if (r->stopped)
		return;
	r->stopped = true;
	r->stop_class = v->class;
	r->stop_stage = reply_stage_name(stage);
	r->stop_reply = *reply;
	r->stop_wait = v->wait;
	ev = push(r, TRANSPORT_STOP, NULL);
	fill(r, &ev->outcome, v->class, r->stop_stage, reply);
	ev->outcome.status = OUTCOME_DEFERRED;
	ev->status = status;
	while ((j = dequeue(r)) != NULL)
		come_back(r, j);
	for (i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] != NULL)
			session_abandon(r->sessions[i]);
	}
}

/* --- what becomes of a message --- */

/* Milliseconds of quiet after n complaints in a row. */
static int64_t
pause_ms(const struct relay *r, int n)
{
	int64_t ms = r->params->retry_ms / 30;

	while (--n > 0 && ms < SLOW_MS_MAX)
		ms *= 2;
	return ms < SLOW_MS_MAX ? ms : SLOW_MS_MAX;
}

/* The relay asks for less: fewer connections, and a while of quiet. */
static void
slow_down(struct relay *r, const struct retry_verdict *v,
    enum reply_stage stage, const struct reply *reply)
{
	r->unblamed = 0;
	r->complaints++;
	r->limit = r->limit > 1 ? r->limit / 2 : 1;
	if (v->wait * 1000 > SLOW_MS_MAX ||
	    r->complaints > r->params->max_retries) {
		stop(r, 75, v, stage, reply);
		return;
	}
	r->quiet = r->now + pause_ms(r, r->complaints);
}

static void
went_well(struct relay *r)
{
	r->failures = r->complaints = 0;
	if (++r->unblamed < RECOVER || r->limit == r->params->connections)
		return;
	r->unblamed = 0;
	r->limit++;
}

static void
sent(struct relay *r, struct job *j, const struct reply *reply)
{
	struct str id = reply_queue_id(str_of(reply->text));
	struct outcome *o;

	went_well(r);
	breaker_accept(&r->breaker);
	o = done(r, j, OUTCOME_SENT, "ok", STAGE_DOT, reply);
	if (id.p != NULL)
		o->queue_id =
		    (struct str){arena_dup(r->strings, id.p, id.n), id.n};
}

static void
refused(struct relay *r, struct job *j, const struct retry_verdict *v,
    enum reply_stage stage, const struct reply *reply)
{
	static const struct retry_verdict open = {RETRY_PAUSE, "breaker", 0, 0};
	bool personal = v->action == RETRY_DEAD ||
			strcmp(v->class, "mailbox_full") == 0 ||
			strcmp(v->class, "bad_address") == 0;

	went_well(r);
	if (!breaker_refuse(&r->breaker, reply, personal)) {
		done(r, j, OUTCOME_FAILED, v->class, stage, reply);
		return;
	}
	done(r, j, OUTCOME_DEFERRED, open.class, stage, reply);
	stop(r, 75, &open, stage, reply);
}

static void
redo(struct relay *r, struct job *j, enum reply_stage stage,
    const struct reply *reply)
{
	static const struct retry_verdict later = {
	    RETRY_LATER, "connection", 0, 0};

	if (r->stopped)
		come_back(r, j);
	else if (j->redone++ < REDO_MAX)
		enqueue_first(r, j);
	else
		defer(r, j, &later, stage, reply);
}

static void
slow(struct relay *r, struct job *j, const struct retry_verdict *v,
    enum reply_stage stage, const struct reply *reply)
{
	slow_down(r, v, stage, reply);
	if (!r->stopped && j->slowed++ < SLOW_MAX)
		enqueue_first(r, j);
	else
		defer(r, j, v, stage, reply);
}

static void
act(struct relay *r, struct session *s, struct job *j,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	switch (v->action) {
	case RETRY_OK:
		sent(r, j, reply);
		break;
	case RETRY_REDO:
		session_retire(s);
		redo(r, j, stage, reply);
		break;
	case RETRY_LATER:
		if (v->tries > 0 && j->envelope->attempt >= v->tries) {
			refused(r, j, v, stage, reply);
			break;
		}
		went_well(r);
		defer(r, j, v, stage, reply);
		break;
	case RETRY_SLOW:
		slow(r, j, v, stage, reply);
		break;
	case RETRY_FAIL:
	case RETRY_DEAD:
		refused(r, j, v, stage, reply);
		break;
	case RETRY_PAUSE:
	case RETRY_ABORT:
		defer(r, j, v, stage, reply);
		stop(r, v->action == RETRY_ABORT ? 255 : 75, v, stage, reply);
		break;
	case RETRY_MAYBE:
		done(r, j, OUTCOME_IN_DOUBT, v->class, stage, reply);
		break;
	}
}

/* --- sessions --- */

static void
serve(struct relay *r, struct session *s)
{
	struct retry_verdict v;
	struct smtp_event e;
	bool lost = false;

	while (session_event(s, &e)) {
		struct job *j = e.owner;
		bool reused = session_is_reused(s);

		if (e.type == SMTP_GOODBYE)
			continue;
		if (e.type == SMTP_READY) {
			j->told_ready = true;
			push(r, TRANSPORT_READY, j->envelope);
			continue;
		}
		if (e.type != SMTP_REPLY) {
			strcpy(e.reply.text, session_why(s));
			lost = !reused;
		}
		v = retry_judge(r->params->profile, e.stage, &e.reply, reused);
		act(r, s, j, &v, e.stage, &e.reply);
	}
	if (lost && r->failures++ > 0)
		r->quiet = r->now + pause_ms(r, r->failures - 1);
}

/* No connection came up. Those that did may go on; else it is tried again. */
static void
opening_failed(struct relay *r, const struct link_error *e)
{
	struct retry_verdict v =
	    retry_judge(r->params->profile, e->stage, &e->reply, false);
	int i, up = 0;

	for (i = 0; i < r->params->connections; i++)
		up += r->sessions[i] != NULL &&
		      session_state(r->sessions[i]) == SESSION_UP;
	if (e->reply.code < 400 && e->class != NULL) {
		v.class = e->class;
		v.action =
		    strcmp(e->class, "dns") == 0 ? RETRY_SLOW : RETRY_ABORT;
	}
	if (v.action == RETRY_ABORT || v.action == RETRY_PAUSE) {
		stop(r, v.action == RETRY_ABORT ? 255 : 75, &v, e->stage,
		    &e->reply);
		return;
	}
	r->limit = up > 0 ? up : 1;
	r->unblamed = 0;
	if (up == 0 && r->failures++ >= r->params->max_retries)
		stop(r, 75, &v, e->stage, &e->reply);
	else
		r->quiet = r->now + pause_ms(r, up == 0 ? r->failures : 1);
}

static void
give_up_on_losses(struct relay *r)
{
	static const struct retry_verdict lost = {
	    RETRY_PAUSE, "connection", 0, 0};
	struct reply none = {.text = "connection after connection is lost"};

	if (r->failures > r->params->max_retries)
		stop(r, 75, &lost, STAGE_CONNECT, &none);
}

static void
tick(struct relay *r)
{
	int i;

	for (i = 0; i < r->params->connections; i++) {
		struct session *s = r->sessions[i];

		if (s == NULL)
			continue;
		session_tick(s, r->now);
		serve(r, s);
		if (session_state(s) == SESSION_FAILED)
			opening_failed(r, session_error(s));
		else if (session_state(s) != SESSION_GONE)
			continue;
		session_close(s);
		r->sessions[i] = NULL;
	}
	give_up_on_losses(r);
}

/* What cannot go through this relay at all ends here. */
static void
unfit(struct relay *r, struct job *j, enum ehlo_result why)
{
	static const struct {
		const char *class, *text;
	} reasons[] = {
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
	struct reply reply = {0};
	struct retry_verdict v = {RETRY_ABORT, reasons[why].class, 0, 0};

	strcpy(reply.text, reasons[why].text);
	if (why != EHLO_TOO_BIG) {
		done(r, j, OUTCOME_FAILED, v.class, STAGE_NONE, &reply);
		return;
	}
	stop(r, 255, &v, STAGE_EHLO, &reply);
	come_back(r, j);
}

static void
feed_session(struct relay *r, struct session *s, int room)
{
	while (r->head != NULL && session_room(s) >= room) {
		struct job *j = dequeue(r);
		const struct envelope *e = j->envelope;
		struct smtp_message m = {
		    e->sender, e->recipient, e->message, e->needs_smtputf8, j};
		enum ehlo_result fit = session_check(s, &m);

		j->session = s;
		if (fit != EHLO_FITS)
			unfit(r, j, fit);
		else if (transport_may_leave(&r->base, j->envelope))
			session_offer(s, &m, r->now);
		else
			forget(r, j);
	}
}

/* First one for each that has none, then one more for each. */
static void
feed(struct relay *r)
{
	int i, room;

	if (r->now < r->quiet)
		return;
	for (room = 2; room >= 1; room--) {
		for (i = 0; i < r->params->connections && r->head != NULL;
		     i++) {
			if (r->sessions[i] != NULL)
				feed_session(r, r->sessions[i], room);
		}
	}
}

/* As many at once as are up, so that their number doubles. */
static void
open_more(struct relay *r)
{
	int i, open = 0, opening = 0, wanted;

	if (r->stopped || r->head == NULL || r->now < r->quiet)
		return;
	for (i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] == NULL)
			continue;
		open++;
		opening += session_state(r->sessions[i]) == SESSION_OPENING;
	}
	wanted = open - opening > 1 ? open - opening : 1;
	for (i = 0;
	     i < r->params->connections && open < r->limit && opening < wanted;
	     i++) {
		if (r->sessions[i] != NULL)
			continue;
		r->sessions[i] = session_open(r->links, r->params, r->now);
		open++;
		opening++;
	}
}

static int
exchange(struct relay *r, int timeout_ms, struct fail *f)
{
	size_t n = 0, k;
	int i;

	for (i = 0; i < r->params->connections; i++) {
		struct session *s = r->sessions[i];

		if (s == NULL)
			continue;
		session_flush(s, r->now);
		if (session_poll(s, &r->polls[n]))
			r->polled[n++] = s;
	}
	if (links_wait(r->links, r->polls, n, timeout_ms, f) < 0)
		return -1;
	r->now = clock_ms(CLOCK_MONOTONIC);
	for (k = 0; k < n; k++) {
		if (r->polls[k].writable)
			session_flush(r->polled[k], r->now);
		if (r->polls[k].readable)
			session_receive(r->polled[k], r->now);
	}
	return 0;
}

/* --- the transport --- */

static size_t
room(const struct transport *t)
{
	const struct relay *r = (const struct relay *)t;

	if (r->stopped)
		return 0;
	return 2 * (size_t)r->params->connections - r->in_hand;
}

static void
offer(struct transport *t, struct envelope *e)
{
	struct relay *r = self(t);
	struct job *j = r->spare;

	r->spare = j->next;
	*j = (struct job){.envelope = e, .begun = clock_ms(CLOCK_MONOTONIC)};
	r->in_hand++;
	enqueue(r, j);
}

static int
turn(struct transport *t, int timeout_ms, struct fail *f)
{
	struct relay *r = self(t);
	struct job *j;

	arena_reset(r->strings);
	r->event_count = r->event_next = 0;
	r->now = clock_ms(CLOCK_MONOTONIC);
	while (r->stopped && (j = dequeue(r)) != NULL)
		come_back(r, j);
	feed(r);
	open_more(r);
	if (exchange(r, r->event_count > 0 ? 0 : timeout_ms, f) < 0)
		return -1;
	tick(r);
	return 0;
}

static bool
event(struct transport *t, struct transport_event *ev)
{
	struct relay *r = self(t);

	if (r->event_next == r->event_count)
		return false;
	*ev = r->events[r->event_next++];
	return true;
}

static void
release(struct transport *t, struct envelope *e)
{
	struct relay *r = self(t);
	size_t k, n = 2 * (size_t)r->params->connections;
	int i;

	for (k = 0; k < n && r->jobs[k].envelope != e; k++)
		;
	/* It may have been given back since, and the session be gone. */
	for (i = 0; k < n && i < r->params->connections; i++) {
		if (r->sessions[i] == r->jobs[k].session &&
		    r->sessions[i] != NULL)
			session_release(r->sessions[i], &r->jobs[k]);
	}
}

/* All say goodbye at the same time, and are not waited for any longer. */
static void
say_goodbye(struct relay *r)
{
	int64_t until = clock_ms(CLOCK_MONOTONIC) + GOODBYE_MS;
	struct fail f;
	bool any = true;
	int i;

	for (i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] != NULL)
			session_abandon(r->sessions[i]);
	}
	while (any && clock_ms(CLOCK_MONOTONIC) < until) {
		any = false;
		r->now = clock_ms(CLOCK_MONOTONIC);
		tick(r);
		for (i = 0; i < r->params->connections; i++)
			any = any || (r->sessions[i] != NULL &&
					 session_state(r->sessions[i]) !=
					     SESSION_OPENING);
		if (any && exchange(r, 100, &f) < 0)
			return;
	}
}

static void
relay_free(struct transport *t, bool abort)
{
	struct relay *r = self(t);
	int i;

	r->stopped = true;
	if (!abort)
		say_goodbye(r);
	for (i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] != NULL)
			session_close(r->sessions[i]);
	}
	links_close(r->links);
	free(r->sessions);
	free(r->polls);
	free(r->polled);
	free(r->jobs);
	free(r->events);
	arena_free(r->strings);
	free(r->name);
	free(r);
}

static const struct transport_ops ops = {
    room, offer, turn, event, release, NULL, relay_free};

int
relay_open(
    struct transport **out, const struct relay_params *params, struct fail *f)
{
	size_t k, n = (size_t)params->connections;
	struct links *links = links_open(params, f);
	struct relay *r;

	if (links == NULL)
		return -1;
	r = mem_new(sizeof(*r));
	r->base.ops = &ops;
	r->params = params;
	r->links = links;
	r->name = relay_name(params);
	r->limit = params->connections;
	r->sessions = mem_new(n * sizeof(struct session *));
	r->polls = mem_new(n * sizeof(*r->polls));
	r->polled = mem_new(n * sizeof(struct session *));
	r->jobs = mem_new(2 * n * sizeof(*r->jobs));
	for (k = 0; k < 2 * n; k++) {
		r->jobs[k].next = r->spare;
		r->spare = &r->jobs[k];
	}
	r->strings = arena_new();
	*out = &r->base;
	return 0;
}
