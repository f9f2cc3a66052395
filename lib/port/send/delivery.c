#include "port/send/delivery.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "mail/record/message.h"
#include "mail/record/outcome.h"
#include "port/db/transaction.h"
#include "port/optout/optouts.h"
#include "port/send/delivery_gates.h"
#include "port/send/delivery_intake.h"
#include "port/send/delivery_offer.h"
#include "port/send/delivery_outcome.h"
#include "port/send/delivery_state.h"

#define TURN_MS 100      /* longest wait of a turn; then signals are read */
#define TOGETHER_MS 2000 /* signals so close are one wish to end */
#define SIGNALS_MS 10    /* shortest time between two looks for signals */

/* Defer all letters that are not under way. */
static void
return_unsent(struct delivery_state *d)
{
	struct transport *t = d->p->transport;
	struct outcome o =
	    delivery_outcome_make(OUTCOME_DEFERRED, d->ending.class);
	struct letter *l;

	o.stage = d->ending.stage;
	o.code = d->ending.code;
	o.enhanced = d->ending.enhanced;
	o.reply = d->ending.reply;
	o.relay = d->ending.relay;
	if (t->ops->stop != NULL)
		t->ops->stop(t, NULL);
	while ((l = letter_queue_pop(&d->claimed)) != NULL ||
	       (l = letter_queue_pop(&d->paced)) != NULL) {
		ledger_release(d->p->ledger, &l->item);
		l->item.attempt--;
		delivery_outcome_set(d, l, &o);
	}
	while ((l = letter_queue_pop(&d->again)) != NULL)
		delivery_outcome_set(d, l, &o);
	while ((l = letter_queue_pop(&d->read)) != NULL)
		delivery_outcome_set(d, l, &o);
	while ((l = letter_queue_pop(&d->waiting)) != NULL)
		letter_queue_push(&d->done, l);
}

/*
 * Check opt-outs and the mailing's state once more. 1: send the letter; 0: it
 * has another outcome. A hold releases the claim, so a later run can send it.
 */
static int
look_again(struct delivery_state *d, struct letter *l, struct fail *f)
{
	const struct message *m = &l->message;
	struct outcome o = delivery_outcome_make(OUTCOME_SKIPPED, "optout");
	enum ledger_state state;
	bool out;

	if (ledger_mailing_state(d->p->ledger, m->email_id, &state, f) < 0 ||
	    optouts_check(
		d->p->db, m->course_id, m->user_id, l->item.key, &out, f) < 0)
		return -1;
	if (state == LEDGER_HELD) {
		ledger_release(d->p->ledger, &l->item);
		o = delivery_outcome_make(OUTCOME_DEFERRED, "held");
		delivery_outcome_set(d, l, &o);
		return 0;
	}
	if (state == LEDGER_CANCELLED)
		o.class = "cancelled";
	else if (!out && m->expires != 0 && m->expires <= clock_wall_ms())
		o.class = "expired";
	else if (!out)
		return 1;
	delivery_outcome_settle(d, l, &o);
	return 0;
}

/* A letter that cannot be checked is not sent, and the run is abandoned. */
static bool
may_leave(void *ctx, struct envelope *e)
{
	struct delivery_state *d = ctx;
	struct letter *l = e->owner;
	int rc;

	letter_queue_remove(&d->flying, l);
	if (!d->broken && d->flushing && !d->reading)
		d->reading = transaction_begin_read(d->p->db, &d->why) == 0;
	rc = d->broken ? -1 : look_again(d, l, &d->why);
	if (rc < 0) {
		d->broken = true;
		letter_pool_put(&d->pool, l);
	} else if (rc == 1) {
		letter_queue_push(&d->flying, l);
	}
	return rc == 1;
}

/* How long a turn may wait for the transport. */
static int
wait_ms(const struct delivery_state *d)
{
	bool reads = d->claimed.count == 0 && delivery_intake_is_open(d);
	int64_t wait;

	if (d->done.count > 0 || (reads && (delivery_state_in_hand(d) == 0 ||
					       filter_ready(d->p->filter))))
		return 0;
	if (d->next_grant == 0)
		return TURN_MS;
	wait = d->next_grant - clock_wall_ms();
	return wait < 0 ? 0 : wait < TURN_MS ? (int)wait : TURN_MS;
}

static struct str
keep_reply(struct delivery_state *d, struct str s)
{
	return s.n > 0 ? arena_str(d->arena, s) : s;
}

static void
handle_refusal(struct delivery_state *d, const struct transport_event *ev)
{
	const struct outcome *o = &ev->outcome;
	struct fail f;

	filter_raise(d->p->filter, ev->status);
	if ((ev->status == 255 || o->next_try != 0) && d->p->on_stop != NULL &&
	    d->p->on_stop(d->p->ctx, o, &f) < 0)
		filter_report(d->p->filter, NULL, NULL, NULL, &f);
	if (d->ending.stop)
		return;
	d->ending = (struct delivery_state_ending){.stop = true,
	    .class = o->class,
	    .stage = o->stage,
	    .code = o->code,
	    .enhanced = keep_reply(d, o->enhanced),
	    .reply = keep_reply(d, o->reply),
	    .relay = keep_reply(d, o->relay)};
}

static void
slow_down(struct delivery_state *d)
{
	if (d->p->limits != NULL && !d->broken &&
	    rate_limits_throttle(d->p->limits, clock_wall_ms(), &d->why) < 0)
		d->broken = true;
}

/* A letter that has been deferred for its lifetime has failed. */
static void
settle_attempt(struct delivery_state *d, struct letter *l, struct outcome o)
{
	int64_t life = d->p->lifetime, first = l->item.first;

	if (o.status == OUTCOME_DEFERRED && life > 0 && first != 0 &&
	    clock_wall_ms() - first >= life) {
		o.status = OUTCOME_FAILED;
		o.class = "gave_up";
		o.next_try = 0;
	}
	delivery_outcome_settle(d, l, &o);
}

static void
withdraw_intent(
    struct delivery_state *d, struct letter *l, const struct outcome *o)
{
	if (!d->broken && ledger_withdraw(d->p->ledger, &l->item, o,
			      clock_wall_ms(), &d->why) < 0)
		d->broken = true;
}

static void
handle_event(struct delivery_state *d, const struct transport_event *ev)
{
	struct letter *l;
	bool held;

	if (ev->type == TRANSPORT_REFUSED) {
		handle_refusal(d, ev);
		return;
	}
	if (ev->type == TRANSPORT_SLOW) {
		slow_down(d);
		return;
	}
	l = ev->envelope->owner;
	held = l->held;
	delivery_gates_leave(d, l, ev);
	if (ev->type == TRANSPORT_READY) {
		delivery_gates_arrive(d, l);
		return;
	}
	if (ev->type == TRANSPORT_AGAIN) {
		if (!held)
			withdraw_intent(d, l, &ev->outcome);
		return;
	}
	letter_queue_remove(&d->flying, l);
	if (ev->charged) {
		settle_attempt(d, l, ev->outcome);
		return;
	}
	ledger_release(d->p->ledger, &l->item);
	l->item.attempt--;
	delivery_outcome_set(d, l, &ev->outcome);
}

static int
check_broken(const struct delivery_state *d, struct fail *f)
{
	if (!d->broken)
		return 0;
	*f = d->why;
	return -1;
}

/* All letters that leave now are checked in one read transaction. */
static int
flush_transport(struct delivery_state *d, struct fail *f)
{
	struct transport *t = d->p->transport;

	if (t->ops->flush == NULL)
		return 0;
	d->flushing = true;
	t->ops->flush(t);
	d->flushing = false;
	if (d->reading && transaction_end_read(d->p->db, f) < 0)
		return -1;
	d->reading = false;
	return check_broken(d, f);
}

static void
read_signals(struct delivery_state *d)
{
	struct signalfd_siginfo info;
	int64_t now = clock_mono_ms();

	if (now < d->next_signals)
		return;
	d->next_signals = now + SIGNALS_MS;
	while (d->p->signals >= 0 &&
	       read(d->p->signals, &info, sizeof(info)) == sizeof(info)) {
		if (d->first_signal == 0)
			d->first_signal = now;
		else if (now - d->first_signal >= TOGETHER_MS)
			d->ending.abandon = true;
		delivery_state_stop(d);
	}
	if (!d->ending.stop && d->p->deadline != 0 &&
	    clock_wall_ms() >= d->p->deadline)
		delivery_state_stop(d);
}

static int
move_mail(struct delivery_state *d, int timeout_us, struct fail *f)
{
	struct transport *t = d->p->transport;
	struct transport_event ev;

	if (t->ops->turn(t, timeout_us, f) < 0 || check_broken(d, f) < 0)
		return -1;
	while (t->ops->event(t, &ev))
		handle_event(d, &ev);
	delivery_gates_intend(d);
	return check_broken(d, f);
}

/*
 * Wait half the time of a sync for replies that can share it: two syncs would
 * take longer. Bodies are sent before it, so that the relay works during it.
 */
static int
gather_replies(struct delivery_state *d, struct fail *f)
{
	int64_t end = clock_mono_us() + d->sync_us / 2, left = d->sync_us / 2;

	if (!ledger_waits_for_disk(d->p->ledger) ||
	    !ledger_unsynced(d->p->ledger))
		return 0;
	while (d->awaited > 0 && left > 0) {
		if (move_mail(d, (int)left, f) < 0)
			return -1;
		left = end - clock_mono_us();
	}
	return flush_transport(d, f);
}

static int
make_durable(struct delivery_state *d, struct fail *f)
{
	int64_t begun = clock_mono_us();

	if (!ledger_unsynced(d->p->ledger))
		return 0;
	if (ledger_sync(d->p->ledger, f) < 0)
		return -1;
	d->sync_us += (clock_mono_us() - begun - d->sync_us) / 8;
	return 0;
}

/* Gates open before new offers, and both before the slow work. */
static int
run_turn(struct delivery_state *d, struct fail *f)
{
	if (move_mail(d, wait_ms(d) * 1000, f) < 0 ||
	    gather_replies(d, f) < 0 || make_durable(d, f) < 0)
		return -1;
	delivery_gates_open(d);
	if ((!d->ending.stop && delivery_offer_all(d, f) < 0) ||
	    flush_transport(d, f) < 0)
		return -1;
	delivery_outcome_write(d);
	return ledger_fold(d->p->ledger, clock_wall_ms(), f);
}

/* Nothing is under way: wait for a record or a signal. */
static void
await_input(struct delivery_state *d)
{
	if (!d->input_ended && !d->ending.stop &&
	    delivery_state_in_hand(d) == 0)
		filter_wait(d->p->filter, d->p->signals, TURN_MS);
}

static int
run_turns(struct delivery_state *d, struct fail *f)
{
	for (;;) {
		await_input(d);
		read_signals(d);
		if (d->ending.abandon)
			return fail_temp(f, "stopped at once by a signal");
		if (delivery_intake_refill(d, f) < 0)
			return -1;
		if (d->ending.stop)
			return_unsent(d);
		else if (delivery_offer_all(d, f) < 0)
			return -1;
		if (run_turn(d, f) < 0)
			return -1;
		if (delivery_state_in_hand(d) == 0 &&
		    (d->ending.stop ||
			(d->input_ended && d->waiting.count == 0)))
			return 0;
	}
}

int
delivery_run(const struct delivery_params *p, struct fail *f)
{
	struct delivery_state d = {.p = p, .chunk = 16};
	int rc;

	d.arena = arena_new();
	p->transport->may_leave = may_leave;
	p->transport->ctx = &d;
	rc = run_turns(&d, f);
	/* The transport borrows from the letters: close it first. */
	p->transport->ops->close(p->transport, rc < 0);
	if (rc < 0 || d.ending.stop)
		batch_files_keep(p->batches, NULL);
	if (rc == 0 && d.ending.stop)
		filter_raise(p->filter, 75);
	letter_pool_free(&d.pool);
	buf_free(&d.line);
	arena_free(d.arena);
	return rc;
}
