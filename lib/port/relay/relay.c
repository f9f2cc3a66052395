#include "port/relay/relay.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "port/relay/connection_error.h"
#include "port/relay/relay_gates.h"
#include "port/relay/relay_state.h"
#include "port/relay/relay_verdict.h"

#define GOODBYE_MS 2000
#define GOODBYE_STEP_US 100000

static int
count_sessions(const struct relay *r, enum session_state state)
{
	int i, n = 0;

	for (i = 0; i < r->params->connections; i++)
		n += r->sessions[i] != NULL &&
		     session_state(r->sessions[i]) == state;
	return n;
}

/* Only messages whose dot is sent stay with their sessions. */
static void
abandon_sessions(struct relay *r)
{
	for (int i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] != NULL)
			session_abandon(r->sessions[i]);
	}
}

/* --- events of the sessions --- */

static void
handle_event(struct relay *r, struct session *s, struct smtp_event *e)
{
	struct relay_job *j = e->owner;

	if (j->withheld) {
		relay_queue_remove(&r->queue, j);
		return;
	}
	if (e->type == SMTP_READY) {
		relay_queue_ready(&r->queue, e->owner);
		return;
	}
	if (e->type != SMTP_REPLY)
		strcpy(e->reply.text, session_why(s));
	if (e->type == SMTP_UNSENT && session_is_probed(s)) {
		relay_verdict_again(&r->queue, e->owner, e->stage, &e->reply);
		return;
	}
	if (e->type == SMTP_UNSENT) {
		r->lost_stage = e->stage;
		r->lost_reply = e->reply;
	}
	if (relay_verdict_reply(
		&r->queue, e->owner, e->stage, &e->reply, session_is_reused(s)))
		session_stop(s);
}

static void
handle_events(struct relay *r, struct session *s)
{
	static const struct retry_verdict v = {
	    RETRY_PAUSE, "connection", 0, STOP_SCOPE_RELAY};
	struct smtp_event e;
	bool lost = false, ours = false;

	while (session_event(s, &e)) {
		const struct relay_job *j = e.owner;

		lost = lost || e.type == SMTP_UNSENT;
		if (e.type == SMTP_GOODBYE)
			continue;
		ours = ours || j->withheld;
		handle_event(r, s, &e);
	}
	if (relay_queue_take_cut(&r->queue))
		session_abandon(s);
	/* Relays close connections that have worked, and we do: no failure. */
	if (!lost || ours || session_is_reused(s) || session_is_probed(s) ||
	    r->queue.refused)
		return;
	if (!pace_failure(&r->queue.pace, 0, true, r->queue.now))
		relay_queue_refuse(
		    &r->queue, 75, &v, r->lost_stage, &r->lost_reply, NULL);
}

static void
tick_sessions(struct relay *r)
{
	const struct relay_listener *to = &r->params->listener;
	bool refused = r->queue.refused;
	int i;

	for (i = 0; i < r->params->connections; i++) {
		struct session *s = r->sessions[i];

		if (s == NULL)
			continue;
		session_tick(s, r->queue.now);
		handle_events(r, s);
		if (session_state(s) == SESSION_FAILED)
			relay_verdict_connection(&r->queue, session_error(s),
			    count_sessions(r, SESSION_UP));
		else if (session_state(s) != SESSION_GONE)
			continue;
		session_close(s);
		r->sessions[i] = NULL;
	}
	if (r->queue.refused && !refused)
		abandon_sessions(r);
	if (r->pipelining.confirmed && to->on_pipelining != NULL)
		to->on_pipelining(to->ctx, r->pipelining.use);
	r->pipelining.confirmed = false;
}

/* --- messages for the sessions --- */

static void
feed_session(struct relay *r, struct session *s, int room)
{
	struct relay_job *j;

	while (session_room(s) >= room &&
	       (j = relay_queue_next(&r->queue)) != NULL) {
		const struct envelope *e = j->envelope;
		struct smtp_message m = {
		    e->sender, e->recipient, e->message, e->needs_smtputf8, j};
		enum ehlo_result fit = session_check(s, &m);

		j->session = s;
		if (fit != EHLO_FITS)
			relay_verdict_misfit(&r->queue, j, fit);
		else if (transport_may_leave(&r->base, j->envelope))
			session_offer(s, &m, r->queue.now);
		else
			relay_queue_remove(&r->queue, j);
	}
}

/* First a message for each idle session, then a second one for each. */
static void
feed_sessions(struct relay *r)
{
	int i, room;

	if (r->queue.now < r->queue.pace.quiet)
		return;
	for (room = 2; room >= 1; room--) {
		for (i = 0; i < r->params->connections; i++) {
			if (r->queue.head != NULL && r->sessions[i] != NULL)
				feed_session(r, r->sessions[i], room);
		}
	}
}

static void
open_sessions(struct relay *r)
{
	int i, have = 0, more;

	if (r->queue.head == NULL)
		return;
	for (i = 0; i < r->params->connections; i++)
		have += r->sessions[i] != NULL;
	more = pace_more(&r->queue.pace, have,
	    count_sessions(r, SESSION_OPENING), r->queue.now);
	for (i = 0; i < r->params->connections && more > 0; i++) {
		if (r->sessions[i] != NULL)
			continue;
		r->sessions[i] = session_open(
		    r->connections, r->params, &r->pipelining, r->queue.now);
		more--;
	}
}

static void
flush_sessions(struct relay *r)
{
	relay_gates_check(r);
	for (int i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] != NULL)
			session_flush(r->sessions[i], r->queue.now);
	}
}

static int
move_bytes(struct relay *r, int timeout_us, struct fail *f)
{
	size_t n = 0, k;

	flush_sessions(r);
	for (int i = 0; i < r->params->connections; i++) {
		struct session *s = r->sessions[i];

		if (s != NULL && session_poll(s, &r->polls[n]))
			r->polled[n++] = s;
	}
	if (connections_wait(r->connections, r->polls, n, timeout_us, f) < 0)
		return -1;
	r->queue.now = clock_mono_ms();
	for (k = 0; k < n; k++) {
		if (r->polls[k].writable)
			session_flush(r->polled[k], r->queue.now);
		if (r->polls[k].readable)
			session_receive(r->polled[k], r->queue.now);
	}
	return 0;
}

/* --- the transport --- */

static size_t
count_room(const struct transport *t)
{
	return relay_queue_room(&((const struct relay *)t)->queue);
}

static void
offer_envelope(struct transport *t, struct envelope *e)
{
	relay_queue_offer(&relay_state_of(t)->queue, e);
}

static int
take_turn(struct transport *t, int timeout_us, struct fail *f)
{
	struct relay *r = relay_state_of(t);

	relay_queue_start_turn(&r->queue);
	r->queue.now = clock_mono_ms();
	feed_sessions(r);
	if (r->queue.refused)
		abandon_sessions(r);
	open_sessions(r);
	if (move_bytes(r, r->queue.events.count > 0 ? 0 : timeout_us, f) < 0)
		return -1;
	tick_sessions(r);
	return 0;
}

static bool
next_event(struct transport *t, struct transport_event *ev)
{
	return relay_events_next(&relay_state_of(t)->queue.events, ev);
}

static void
flush_relay(struct transport *t)
{
	struct relay *r = relay_state_of(t);

	r->queue.now = clock_mono_ms();
	feed_sessions(r);
	flush_sessions(r);
}

/* QUIT on all connections at once, in GOODBYE_MS together. */
static void
quit_sessions(struct relay *r)
{
	int64_t until = clock_mono_ms() + GOODBYE_MS;
	struct fail f;

	for (;;) {
		r->queue.now = clock_mono_ms();
		abandon_sessions(r);
		tick_sessions(r);
		if (count_sessions(r, SESSION_UP) +
			    count_sessions(r, SESSION_LEAVING) ==
			0 ||
		    r->queue.now >= until ||
		    move_bytes(r, GOODBYE_STEP_US, &f) < 0)
			return;
	}
}

static void
stop_relay(struct transport *t, const char *why)
{
	struct relay *r = relay_state_of(t);

	if (why == NULL) {
		relay_queue_stop(&r->queue);
		return;
	}
	relay_verdict_break(&r->queue, why);
	abandon_sessions(r);
}

static void
close_relay(struct transport *t, bool abandon)
{
	struct relay *r = relay_state_of(t);

	r->queue.refused = true;
	if (!abandon)
		quit_sessions(r);
	for (int i = 0; i < r->params->connections; i++) {
		if (r->sessions[i] != NULL)
			session_close(r->sessions[i]);
	}
	connections_close(r->connections);
	relay_queue_free(&r->queue);
	free(r->sessions);
	free(r->polls);
	free(r->polled);
	free(r);
}

static const struct transport_ops ops = {
    .room = count_room,
    .offer = offer_envelope,
    .turn = take_turn,
    .event = next_event,
    .flush = flush_relay,
    .release = relay_gates_release,
    .withhold = relay_gates_withhold,
    .stop = stop_relay,
    .close = close_relay,
};

int
relay_open(
    struct transport **out, const struct relay_params *params, struct fail *f)
{
	size_t n = (size_t)params->connections;
	struct connections *connections = connections_open(params, f);
	struct relay *r;

	if (connections == NULL)
		return -1;
	r = mem_new(sizeof(*r));
	r->base.ops = &ops;
	r->params = params;
	r->pipelining = pipelining_of(params->pipelining);
	r->connections = connections;
	r->sessions = mem_new(n * sizeof(struct session *));
	r->polls = mem_new(n * sizeof(*r->polls));
	r->polled = mem_new(n * sizeof(struct session *));
	relay_queue_init(&r->queue, params);
	*out = &r->base;
	return 0;
}
