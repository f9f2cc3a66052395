#include "port/relay/relay.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "port/relay/relay_queue.h"
#include "port/relay/session.h"

#define GOODBYE_MS 2000
#define GOODBYE_STEP_US 100000

struct relay {
	struct transport base;
	const struct relay_params *params;
	struct relay_queue jobs;
	struct connections *links;
	struct session **sessions; /* params->connections places */
	struct connection_poll *polls;
	struct session **polled;
	enum reply_stage lost_stage; /* of the last connection lost */
	struct reply lost_reply;
};

static struct relay *
self(struct transport *t)
{
	return (struct relay *)t;
}

static int
count(const struct relay *r, enum session_state state)
{
	int i, n = 0;

	for (i = 0; i < r->params->connections; i++)
		n += r->sessions[i] != NULL &&
		     session_state(r->sessions[i]) == state;
	return n;
}

/* After a stop only replies to dots are waited for. */
static void
abandon_all(struct relay *r)
{
	int i;

	for (i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] != NULL)
			session_abandon(r->sessions[i]);
	}
}

/* --- what the sessions say --- */

static void
serve_one(struct relay *r, struct session *s, struct smtp_event *e)
{
	if (e->type == SMTP_READY) {
		relay_queue_ready(&r->jobs, e->owner);
		return;
	}
	if (e->type != SMTP_REPLY)
		strcpy(e->reply.text, session_why(s));
	if (e->type == SMTP_UNSENT) {
		r->lost_stage = e->stage;
		r->lost_reply = e->reply;
	}
	if (relay_queue_judge(
		&r->jobs, e->owner, e->stage, &e->reply, session_is_reused(s)))
		session_retire(s);
}

static void
serve(struct relay *r, struct session *s)
{
	static const struct retry_verdict v = {RETRY_PAUSE, "connection", 0, 0};
	struct smtp_event e;
	bool lost = false;

	while (session_event(s, &e)) {
		lost = lost || e.type == SMTP_UNSENT;
		if (e.type != SMTP_GOODBYE)
			serve_one(r, s, &e);
	}
	/* One that worked and then ended is no cause for concern. */
	if (!lost || session_is_reused(s) || r->jobs.stopped)
		return;
	if (!pace_failure(&r->jobs.pace, 0, true, r->jobs.now))
		relay_queue_stop(
		    &r->jobs, 75, &v, r->lost_stage, &r->lost_reply);
}

/* No connection came up. Those that did may go on; else it is tried again. */
static void
opening_failed(struct relay *r, const struct connection_error *e)
{
	struct retry_verdict v =
	    retry_judge(r->params->profile, e->stage, &e->reply, false);

	if (e->reply.code < 400 && e->class != NULL) {
		v.class = e->class;
		v.action =
		    strcmp(e->class, "dns") == 0 ? RETRY_SLOW : RETRY_ABORT;
	}
	if (v.action == RETRY_ABORT)
		relay_queue_stop(&r->jobs, 255, &v, e->stage, &e->reply);
	else if (v.action == RETRY_PAUSE ||
		 !pace_failure(
		     &r->jobs.pace, count(r, SESSION_UP), false, r->jobs.now))
		relay_queue_stop(&r->jobs, 75, &v, e->stage, &e->reply);
}

static void
tick(struct relay *r)
{
	bool stopped = r->jobs.stopped;
	int i;

	for (i = 0; i < r->params->connections; i++) {
		struct session *s = r->sessions[i];

		if (s == NULL)
			continue;
		session_tick(s, r->jobs.now);
		serve(r, s);
		if (session_state(s) == SESSION_FAILED)
			opening_failed(r, session_error(s));
		else if (session_state(s) != SESSION_GONE)
			continue;
		session_close(s);
		r->sessions[i] = NULL;
	}
	if (r->jobs.stopped && !stopped)
		abandon_all(r);
}

/* --- giving them work --- */

static void
feed_session(struct relay *r, struct session *s, int room)
{
	struct relay_job *j;

	while (session_room(s) >= room &&
	       (j = relay_queue_next(&r->jobs)) != NULL) {
		const struct envelope *e = j->envelope;
		struct smtp_message m = {
		    e->sender, e->recipient, e->message, e->needs_smtputf8, j};
		enum ehlo_result fit = session_check(s, &m);

		j->session = s;
		if (fit != EHLO_FITS)
			relay_queue_unfit(&r->jobs, j, fit);
		else if (transport_may_leave(&r->base, j->envelope))
			session_offer(s, &m, r->jobs.now);
		else
			relay_queue_forget(&r->jobs, j);
	}
}

/* First one for each that has none, then one more for each. */
static void
feed(struct relay *r)
{
	int i, room;

	if (r->jobs.now < r->jobs.pace.quiet)
		return;
	for (room = 2; room >= 1; room--) {
		for (i = 0; i < r->params->connections; i++) {
			if (r->jobs.head != NULL && r->sessions[i] != NULL)
				feed_session(r, r->sessions[i], room);
		}
	}
}

static void
open_more(struct relay *r)
{
	int i, have = 0, more;

	if (r->jobs.head == NULL)
		return;
	for (i = 0; i < r->params->connections; i++)
		have += r->sessions[i] != NULL;
	more = pace_more(
	    &r->jobs.pace, have, count(r, SESSION_OPENING), r->jobs.now);
	for (i = 0; i < r->params->connections && more > 0; i++) {
		if (r->sessions[i] != NULL)
			continue;
		r->sessions[i] = session_open(r->links, r->params, r->jobs.now);
		more--;
	}
}

static void
flush_all(struct relay *r)
{
	int i;

	for (i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] != NULL)
			session_flush(r->sessions[i], r->jobs.now);
	}
}

static int
exchange(struct relay *r, int timeout_us, struct fail *f)
{
	size_t n = 0, k;
	int i;

	flush_all(r);
	for (i = 0; i < r->params->connections; i++) {
		struct session *s = r->sessions[i];

		if (s != NULL && session_poll(s, &r->polls[n]))
			r->polled[n++] = s;
	}
	if (connections_wait(r->links, r->polls, n, timeout_us, f) < 0)
		return -1;
	r->jobs.now = clock_mono_ms();
	for (k = 0; k < n; k++) {
		if (r->polls[k].writable)
			session_flush(r->polled[k], r->jobs.now);
		if (r->polls[k].readable)
			session_receive(r->polled[k], r->jobs.now);
	}
	return 0;
}

/* --- the transport --- */

static size_t
room(const struct transport *t)
{
	return relay_queue_room(&((const struct relay *)t)->jobs);
}

static void
offer(struct transport *t, struct envelope *e)
{
	relay_queue_offer(&self(t)->jobs, e);
}

static int
turn(struct transport *t, int timeout_us, struct fail *f)
{
	struct relay *r = self(t);

	relay_queue_turn(&r->jobs);
	r->jobs.now = clock_mono_ms();
	feed(r);
	if (r->jobs.stopped)
		abandon_all(r);
	open_more(r);
	if (exchange(r, r->jobs.event_count > 0 ? 0 : timeout_us, f) < 0)
		return -1;
	tick(r);
	return 0;
}

static bool
event(struct transport *t, struct transport_event *ev)
{
	return relay_queue_event(&self(t)->jobs, ev);
}

static void
flush(struct transport *t)
{
	struct relay *r = self(t);

	r->jobs.now = clock_mono_ms();
	feed(r);
	flush_all(r);
}

static void
release(struct transport *t, struct envelope *e)
{
	struct relay *r = self(t);
	struct relay_job *j = relay_queue_find(&r->jobs, e);
	int i;

	/* It may have come back since, and the session be gone. */
	for (i = 0; j != NULL && i < r->params->connections; i++) {
		if (r->sessions[i] != NULL && r->sessions[i] == j->session)
			session_release(r->sessions[i], j);
	}
}

/* All say goodbye at the same time, and are not waited for any longer. */
static void
say_goodbye(struct relay *r)
{
	int64_t until = clock_mono_ms() + GOODBYE_MS;
	struct fail f;

	for (;;) {
		r->jobs.now = clock_mono_ms();
		abandon_all(r);
		tick(r);
		if (count(r, SESSION_UP) + count(r, SESSION_LEAVING) == 0 ||
		    r->jobs.now >= until ||
		    exchange(r, GOODBYE_STEP_US, &f) < 0)
			return;
	}
}

static void
wind_down(struct transport *t)
{
	relay_queue_close(&self(t)->jobs);
}

static void
relay_free(struct transport *t, bool abort)
{
	struct relay *r = self(t);
	int i;

	r->jobs.stopped = true;
	if (!abort)
		say_goodbye(r);
	for (i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] != NULL)
			session_close(r->sessions[i]);
	}
	connections_close(r->links);
	relay_queue_end(&r->jobs);
	free(r->sessions);
	free(r->polls);
	free(r->polled);
	free(r);
}

static const struct transport_ops ops = {false, room, offer, turn, event, flush,
    release, wind_down, NULL, relay_free};

int
relay_open(
    struct transport **out, const struct relay_params *params, struct fail *f)
{
	size_t n = (size_t)params->connections;
	struct connections *links = connections_open(params, f);
	struct relay *r;

	if (links == NULL)
		return -1;
	r = mem_new(sizeof(*r));
	r->base.ops = &ops;
	r->params = params;
	r->links = links;
	r->sessions = mem_new(n * sizeof(struct session *));
	r->polls = mem_new(n * sizeof(*r->polls));
	r->polled = mem_new(n * sizeof(struct session *));
	relay_queue_begin(&r->jobs, params);
	*out = &r->base;
	return 0;
}
