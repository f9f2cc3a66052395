#include "port/relay/relay_verdict.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"

#define REDO_MAX 2 /* fresh connections for one message */
#define SLOW_MAX 3 /* throttled attempts at one message before it waits */
#define BREAKER_WAIT (24 * 3600) /* seconds */
#define WAIT_MAX 60              /* seconds that a run waits for the relay */

/* A reply before RCPT TO is not about the recipient. */
static bool
is_personal(enum reply_stage stage)
{
	return stage == STAGE_NONE || stage >= STAGE_RCPT;
}

static void
defer_job(struct relay_queue *q, struct relay_job *j,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	long long attempt = j->envelope->attempt;
	struct outcome *o;
	uint32_t random;

	crypto_random(&random, sizeof(random));
	o = relay_queue_done(q, j, is_personal(stage),
	    relay_events_outcome(
		&q->events, OUTCOME_DEFERRED, v->class, stage, reply));
	o->next_try = clock_wall_ms() +
		      retry_delay(v, attempt, q->params->retry_ms, random);
}

static void
accept_job(
    struct relay_queue *q, struct relay_job *j, const struct reply *reply)
{
	struct outcome *o;

	pace_success(&q->pace);
	o = relay_queue_done(q, j, true,
	    relay_events_outcome(
		&q->events, OUTCOME_SENT, "ok", STAGE_DOT, reply));
	o->queue_id =
	    relay_events_text(&q->events, reply_queue_id(str_of(reply->text)));
}

static void
fail_job(struct relay_queue *q, struct relay_job *j,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	pace_success(&q->pace);
	relay_queue_done(q, j, true,
	    relay_events_outcome(
		&q->events, OUTCOME_FAILED, v->class, stage, reply));
}

/*
 * The relay has not taken the message: an intent that the ledger holds is
 * withdrawn, so that a kill during the pause leaves nobody in doubt.
 */
static void
try_again(struct relay_queue *q, struct relay_job *j,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	int64_t pause = q->pace.quiet - q->now;
	struct transport_event *ev;

	relay_queue_put_first(q, j);
	if (!j->told_ready)
		return;
	ev = relay_events_add(&q->events, TRANSPORT_AGAIN, j->envelope);
	ev->outcome = relay_events_outcome(
	    &q->events, OUTCOME_DEFERRED, v->class, stage, reply);
	ev->outcome.ms = q->now - j->begun;
	ev->outcome.next_try = clock_wall_ms() + (pause > 0 ? pause : 0);
}

/* The verdict on a connection that ended, which says nothing of the message. */
static const struct retry_verdict later = {RETRY_LATER, "connection", 0, 0};

void
relay_verdict_again(struct relay_queue *q, struct relay_job *j,
    enum reply_stage stage, const struct reply *reply)
{
	if (q->stopped)
		relay_queue_return(q, j);
	else
		try_again(q, j, &later, stage, reply);
}

static void
redo_job(struct relay_queue *q, struct relay_job *j, enum reply_stage stage,
    const struct reply *reply)
{
	if (!q->stopped && j->redone++ >= REDO_MAX)
		defer_job(q, j, &later, stage, reply);
	else
		relay_verdict_again(q, j, stage, reply);
}

static void
slow_down(struct relay_queue *q, struct relay_job *j,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	bool go_on = pace_complaint(&q->pace, q->now) && v->wait <= WAIT_MAX;
	struct retry_verdict stop = *v;

	if (!stop_scope_is_whole(stop.scope))
		stop.scope = STOP_SCOPE_ACCOUNT;
	relay_events_add(&q->events, TRANSPORT_SLOW, NULL);
	if (go_on && !q->stopped && j->slowed++ < SLOW_MAX)
		try_again(q, j, v, stage, reply);
	else
		defer_job(q, j, v, stage, reply);
	if (!go_on)
		relay_queue_refuse(q, 75, &stop, stage, reply, NULL);
}

static void
try_later(struct relay_queue *q, struct relay_job *j,
    const struct retry_verdict *v, enum reply_stage stage,
    const struct reply *reply)
{
	pace_success(&q->pace);
	defer_job(q, j, v, stage, reply);
}

/* Tell with the event of the envelope, if it has ended, what was said. */
static void
tell_answer(struct relay_queue *q, const struct envelope *e,
    enum retry_action action, const struct reply_model *m,
    const struct reply *reply)
{
	struct transport_event *ev = NULL;
	size_t i;

	for (i = q->events.count; i > 0 && ev == NULL; i--) {
		if (q->events.list[i - 1].envelope == e)
			ev = &q->events.list[i - 1];
	}
	if (ev == NULL || ev->type != TRANSPORT_DONE || reply->code == 0)
		return;
	ev->answer = answer_kind_of(action, m, reply->code);
	ev->again = reply->code < 500;
	if (ev->answer > ANSWER_TAKEN)
		ev->outcome.print = m->print;
}

static bool
apply_verdict(struct relay_queue *q, struct relay_job *j,
    struct retry_verdict v, enum reply_stage stage, const struct reply *reply)
{
	struct envelope *e = j->envelope;

	switch (v.action) {
	case RETRY_OK:
		accept_job(q, j, reply);
		break;
	case RETRY_REDO:
		redo_job(q, j, stage, reply);
		return true;
	case RETRY_LATER:
		try_later(q, j, &v, stage, reply);
		break;
	case RETRY_SLOW:
		slow_down(q, j, &v, stage, reply);
		break;
	case RETRY_FAIL:
	case RETRY_DEAD:
		fail_job(q, j, &v, stage, reply);
		break;
	case RETRY_PAUSE:
	case RETRY_ABORT:
		defer_job(q, j, &v, stage, reply);
		relay_queue_refuse(
		    q, v.action == RETRY_ABORT ? 255 : 75, &v, stage, reply, e);
		break;
	case RETRY_MAYBE:
		relay_queue_done(q, j, true,
		    relay_events_outcome(
			&q->events, OUTCOME_IN_DOUBT, v.class, stage, reply));
		break;
	}
	return false;
}

bool
relay_verdict_reply(struct relay_queue *q, struct relay_job *j,
    enum reply_stage stage, const struct reply *reply, bool reused)
{
	const struct envelope *e = j->envelope;
	struct reply_model m = {0};
	struct retry_verdict v = retry_judge_envelope(q->params->profile, stage,
	    reply, reused, e->sender, e->recipient, &m);
	bool last = apply_verdict(q, j, v, stage, reply);

	tell_answer(q, e, v.action, &m, reply);
	return last;
}

void
relay_verdict_misfit(
    struct relay_queue *q, struct relay_job *j, enum ehlo_result why)
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
	struct retry_verdict v = {
	    RETRY_ABORT, reasons[why].class, 0, STOP_SCOPE_MAILING};
	struct reply reply = {0};
	struct envelope *e = j->envelope;

	strcpy(reply.text, reasons[why].text);
	if (why != EHLO_TOO_BIG) {
		relay_queue_done(q, j, true,
		    relay_events_outcome(&q->events, OUTCOME_FAILED, v.class,
			STAGE_NONE, &reply));
		return;
	}
	/* The other messages of the mailing have about the same size. */
	relay_queue_done(q, j, false,
	    relay_events_outcome(
		&q->events, OUTCOME_DEFERRED, v.class, STAGE_EHLO, &reply));
	relay_queue_refuse(q, 255, &v, STAGE_EHLO, &reply, e);
}

/* A run that goes on trying says so at once, and once. */
static void
tell_failure(struct relay_queue *q, const struct connection_error *e)
{
	const struct relay_listener *to = &q->params->listener;

	if (q->told || q->refused || to->on_failure == NULL)
		return;
	q->told = true;
	to->on_failure(to->ctx, e->reply.text);
}

void
relay_verdict_connection(
    struct relay_queue *q, const struct connection_error *e, int up)
{
	struct retry_verdict v =
	    retry_judge(q->params->profile, e->stage, &e->reply, false);

	if (e->remedy == CONNECTION_REMEDY_AGAIN)
		return;
	if (e->reply.code < 400 && e->class != NULL) {
		v.class = e->class;
		v.scope = e->stage == STAGE_AUTH ? STOP_SCOPE_ACCOUNT
						 : STOP_SCOPE_RELAY;
		v.action =
		    strcmp(e->class, "dns") == 0 ? RETRY_SLOW : RETRY_ABORT;
	}
	if (e->remedy == CONNECTION_REMEDY_LOCAL)
		relay_queue_refuse(q, 2, &v, e->stage, &e->reply, NULL);
	else if (v.action == RETRY_ABORT)
		relay_queue_refuse(q, 255, &v, e->stage, &e->reply, NULL);
	else if (v.action == RETRY_PAUSE ||
		 e->remedy == CONNECTION_REMEDY_LATER ||
		 !pace_failure(&q->pace, up, false, q->now))
		relay_queue_refuse(q, 75, &v, e->stage, &e->reply, NULL);
	tell_failure(q, e);
}

void
relay_verdict_break(struct relay_queue *q, const char *why)
{
	static const struct retry_verdict open = {
	    RETRY_PAUSE, "breaker", BREAKER_WAIT, STOP_SCOPE_ACCOUNT};
	struct reply reply = {0};

	snprintf(reply.text, sizeof(reply.text), "%s", why);
	relay_queue_refuse(q, 75, &open, STAGE_DOT, &reply, NULL);
}
