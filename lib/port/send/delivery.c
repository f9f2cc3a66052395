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
#include "port/send/delivery_state.h"

#define TURN_MS 100   /* how long a turn may wait: signals are seen after it */
#define SIGNALS_MS 10 /* and no more often than that */

/* Nothing more is begun: all that is not under way comes back unsent. */
static void
give_back(struct delivery *d)
{
	struct transport *t = d->p->transport;
	struct outcome o = delivery_outcome(OUTCOME_DEFERRED, d->ending.class);
	struct letter *l;

	o.stage = d->ending.stage;
	o.code = d->ending.code;
	o.enhanced = d->ending.enhanced;
	o.reply = d->ending.reply;
	o.relay = d->ending.relay;
	if (t->ops->stop != NULL)
		t->ops->stop(t);
	while ((l = letter_pop(&d->claimed)) != NULL ||
	       (l = letter_pop(&d->paced)) != NULL) {
		ledger_release(d->p->ledger, &l->item);
		l->item.attempt--;
		delivery_finish(d, l, &o);
	}
	while ((l = letter_pop(&d->again)) != NULL)
		delivery_finish(d, l, &o);
	while ((l = letter_pop(&d->read)) != NULL)
		delivery_finish(d, l, &o);
	while ((l = letter_pop(&d->waiting)) != NULL)
		letter_push(&d->done, l);
}

/*
 * The register and the mailing's state as they are now: 1 go, 0 settled
 * otherwise. A hold gives the claim back, so it can be released later.
 */
static int
look_again(struct delivery *d, struct letter *l, struct fail *f)
{
	const struct message *m = &l->message;
	struct outcome o = delivery_outcome(OUTCOME_SKIPPED, "optout");
	enum ledger_state state;
	bool out;

	if (ledger_mailing_state(d->p->ledger, m->email_id, &state, f) < 0 ||
	    optouts_check(
		d->p->db, m->course_id, m->user_id, l->item.key, &out, f) < 0)
		return -1;
	if (state == LEDGER_HELD) {
		ledger_release(d->p->ledger, &l->item);
		o = delivery_outcome(OUTCOME_DEFERRED, "held");
		delivery_finish(d, l, &o);
		return 0;
	}
	if (state == LEDGER_CANCELLED)
		o.class = "cancelled";
	else if (!out && m->expires != 0 && m->expires <= clock_wall_ms())
		o.class = "expired";
	else if (!out)
		return 1;
	delivery_settle(d, l, &o);
	return 0;
}

/* A message that cannot be looked up is not sent; the run ends by that. */
static bool
may_leave(void *ctx, struct envelope *e)
{
	struct delivery *d = ctx;
	struct letter *l = e->owner;
	int rc;

	letter_remove(&d->flying, l);
	if (!d->broken && d->flushing && !d->reading)
		d->reading = transaction_begin_read(d->p->db, &d->why) == 0;
	rc = d->broken ? -1 : look_again(d, l, &d->why);
	if (rc < 0) {
		d->broken = true;
		letter_free(&d->pool, l);
	} else if (rc == 1) {
		letter_push(&d->flying, l);
	}
	return rc == 1;
}

/*
 * It was in doubt, and the transport can look: 0 it never arrived, 1 the
 * letter is settled.
 */
static int
look(struct delivery *d, struct letter *l, struct fail *f)
{
	struct outcome sent = delivery_outcome(OUTCOME_SENT, "ok");
	struct outcome doubt = delivery_outcome(OUTCOME_IN_DOUBT, "no_reply");
	int found =
	    d->p->transport->ops->delivered(d->p->transport, &l->envelope, f);

	if (found == 1) {
		sent.stage = "maildir";
		delivery_settle(d, l, &sent);
	} else if (found == 2) {
		ledger_release(d->p->ledger, &l->item);
		l->item.attempt--;
		delivery_finish(d, l, &doubt);
		found = 1;
	}
	return found;
}

static int
offer_one(struct delivery *d, struct letter *l, struct fail *f)
{
	bool doubt = l->item.was_in_doubt && !d->p->policy.resend_in_doubt;
	int rc = doubt ? look(d, l, f) : 0;

	if (rc == 0) {
		l->offered_at = clock_mono_ms();
		letter_push(&d->flying, l);
		d->p->transport->ops->offer(d->p->transport, &l->envelope);
	}
	if (rc < 0)
		letter_free(&d->pool, l);
	return rc < 0 ? -1 : 0;
}

/* 1: one more may leave now under this limit; 0: not before d->next_grant. */
static int
limit_allows(struct delivery *d, int limit, struct fail *f)
{
	size_t want =
	    d->claimed.count + d->paced.count + (limit != RATE_LIMITS_ALL);
	int64_t now = clock_wall_ms(), next;

	if (d->p->limits == NULL)
		return 1;
	next = rate_limits_next(d->p->limits, limit, now, want, f);
	if (next < 0)
		return -1;
	if (next > now && (d->next_grant == 0 || next < d->next_grant))
		d->next_grant = next;
	return next <= now;
}

/*
 * The next letter whose domain may have one more: 1. 0: none; what is claimed
 * has been put aside, those of a domain in their order.
 */
static int
next_letter(struct delivery *d, struct letter **out, struct fail *f)
{
	bool asked[RATE_LIMITS_DOMAINS] = {false};
	struct letter *l, *next;
	int rc = 0;

	for (l = d->paced.head; rc == 0 && l != NULL; l = next) {
		next = l->next;
		if (!asked[l->limit])
			rc = limit_allows(d, l->limit, f);
		asked[l->limit] = true;
		if (rc == 1)
			letter_remove(&d->paced, *out = l);
	}
	while (rc == 0 && (l = letter_pop(&d->claimed)) != NULL) {
		l->limit = d->p->limits == NULL ? RATE_LIMITS_ALL
						: rate_limits_of(d->p->limits,
						      l->envelope.recipient);
		if (l->limit == RATE_LIMITS_ALL)
			rc = 1;
		else if (!asked[l->limit])
			rc = limit_allows(d, l->limit, f);
		if (l->limit != RATE_LIMITS_ALL)
			asked[l->limit] = true;
		if (rc == 1)
			*out = l;
		else
			letter_push(&d->paced, l);
	}
	return rc;
}

static void
use_grants(struct delivery *d, const struct letter *l)
{
	if (d->p->limits == NULL)
		return;
	rate_limits_use(d->p->limits, RATE_LIMITS_ALL);
	if (l->limit != RATE_LIMITS_ALL)
		rate_limits_use(d->p->limits, l->limit);
}

static int
offer_all(struct delivery *d, struct fail *f)
{
	struct transport *t = d->p->transport;
	struct letter *l;
	int rc = 1;

	d->next_grant = 0;
	while (rc == 1 && !d->ending.now &&
	       d->claimed.count + d->paced.count > 0 && t->ops->room(t) > 0) {
		rc = limit_allows(d, RATE_LIMITS_ALL, f);
		if (rc == 1)
			rc = next_letter(d, &l, f);
		if (rc == 1) {
			use_grants(d, l);
			rc = offer_one(d, l, f) < 0 ? -1 : 1;
		}
	}
	return rc < 0 ? -1 : 0;
}

/* How long a turn may wait for something to happen; ms. */
static int
patience(const struct delivery *d)
{
	bool reads = d->claimed.count == 0 && delivery_reads(d);
	int64_t wait;

	if (d->done.count > 0 ||
	    (reads && (delivery_in_hand(d) == 0 || filter_ready(d->p->filter))))
		return 0;
	if (d->next_grant == 0)
		return TURN_MS;
	wait = d->next_grant - clock_wall_ms();
	return wait < 0 ? 0 : wait < TURN_MS ? (int)wait : TURN_MS;
}

static struct str
keep(struct delivery *d, struct str s)
{
	if (s.n > 0)
		s.p = arena_dup(d->arena, s.p, s.n);
	return s;
}

static void
stop(struct delivery *d, const struct transport_event *ev)
{
	const struct outcome *o = &ev->outcome;
	struct fail f;

	filter_raise(d->p->filter, ev->status);
	if ((ev->status == 255 || o->next_try != 0) && d->p->on_stop != NULL &&
	    d->p->on_stop(d->p->ctx, o, &f) < 0)
		filter_report(d->p->filter, NULL, NULL, NULL, &f);
	if (d->ending.now)
		return;
	d->ending = (struct ending){.now = true,
	    .class = o->class,
	    .stage = o->stage,
	    .code = o->code,
	    .enhanced = keep(d, o->enhanced),
	    .reply = keep(d, o->reply),
	    .relay = keep(d, o->relay)};
}

static void
slow_down(struct delivery *d)
{
	if (d->p->limits != NULL && !d->broken &&
	    rate_limits_throttle(d->p->limits, clock_wall_ms(), &d->why) < 0)
		d->broken = true;
}

/* What has been put off for too long has failed. */
static void
settle_attempt(struct delivery *d, struct letter *l, struct outcome o)
{
	int64_t life = d->p->lifetime, first = l->item.first;

	if (o.status == OUTCOME_DEFERRED && life > 0 && first != 0 &&
	    clock_wall_ms() - first >= life) {
		o.status = OUTCOME_FAILED;
		o.class = "gave_up";
		o.next_try = 0;
	}
	delivery_settle(d, l, &o);
}

static void
handle(struct delivery *d, const struct transport_event *ev)
{
	struct letter *l;

	if (ev->type == TRANSPORT_REFUSED) {
		stop(d, ev);
		return;
	}
	if (ev->type == TRANSPORT_SLOW) {
		slow_down(d);
		return;
	}
	l = ev->envelope->owner;
	d->awaited -= l->released;
	l->released = false;
	if (ev->type == TRANSPORT_READY) {
		ledger_intend(d->p->ledger, &l->item, clock_wall_ms());
		l->ready = true;
		return;
	}
	letter_remove(&d->flying, l);
	if (ev->charged) {
		settle_attempt(d, l, ev->outcome);
		return;
	}
	ledger_release(d->p->ledger, &l->item);
	l->item.attempt--;
	delivery_finish(d, l, &ev->outcome);
}

/* The intents are durable: open the gates. */
static void
release_ready(struct delivery *d)
{
	struct transport *t = d->p->transport;

	for (struct letter *l = d->flying.head; l != NULL; l = l->next) {
		if (!l->ready)
			continue;
		l->ready = false;
		l->released = true;
		d->awaited++;
		t->ops->release(t, &l->envelope);
	}
}

static int
check_broken(const struct delivery *d, struct fail *f)
{
	if (!d->broken)
		return 0;
	*f = d->why;
	return -1;
}

/* All that leave now are looked up in one transaction. */
static int
flush(struct delivery *d, struct fail *f)
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
read_signals(struct delivery *d)
{
	struct signalfd_siginfo info;
	int64_t now = clock_mono_ms();

	if (now < d->next_signals)
		return;
	d->next_signals = now + SIGNALS_MS;
	while (d->p->signals >= 0 &&
	       read(d->p->signals, &info, sizeof(info)) == sizeof(info)) {
		d->ending.abort = d->ending.now;
		if (!d->ending.now)
			d->ending = (struct ending){
			    .now = true, .class = "stopped", .stage = "none"};
	}
	if (!d->ending.now && d->p->deadline != 0 &&
	    clock_wall_ms() >= d->p->deadline)
		d->ending = (struct ending){
		    .now = true, .class = "stopped", .stage = "none"};
}

static int
move(struct delivery *d, int timeout_us, struct fail *f)
{
	struct transport *t = d->p->transport;
	struct transport_event ev;

	if (t->ops->turn(t, timeout_us, f) < 0 || check_broken(d, f) < 0)
		return -1;
	while (t->ops->event(t, &ev))
		handle(d, &ev);
	return 0;
}

/*
 * Answers that come within half the time of a sync share it: two syncs for
 * the same facts would take longer. Bodies leave before it, so that the relay
 * has work while the disk has.
 */
static int
gather(struct delivery *d, struct fail *f)
{
	int64_t end = clock_mono_us() + d->sync_us / 2, left = d->sync_us / 2;

	if (!ledger_waits_for_disk(d->p->ledger) ||
	    !ledger_unsynced(d->p->ledger))
		return 0;
	while (d->awaited > 0 && left > 0) {
		if (move(d, (int)left, f) < 0)
			return -1;
		left = end - clock_mono_us();
	}
	return flush(d, f);
}

static int
make_durable(struct delivery *d, struct fail *f)
{
	int64_t begun = clock_mono_us();

	if (!ledger_unsynced(d->p->ledger))
		return 0;
	if (ledger_sync(d->p->ledger, f) < 0)
		return -1;
	d->sync_us += (clock_mono_us() - begun - d->sync_us) / 8;
	return 0;
}

/* The next envelope leaves with the dot; what takes long comes after them. */
static int
turn(struct delivery *d, struct fail *f)
{
	if (move(d, patience(d) * 1000, f) < 0 || gather(d, f) < 0 ||
	    make_durable(d, f) < 0)
		return -1;
	release_ready(d);
	if ((!d->ending.now && offer_all(d, f) < 0) || flush(d, f) < 0)
		return -1;
	delivery_tell(d);
	return ledger_fold(d->p->ledger, clock_wall_ms(), f);
}

/* Nothing is under way: the next record, a signal or a turn's time. */
static void
await_input(struct delivery *d)
{
	if (!d->input_ended && !d->ending.now && delivery_in_hand(d) == 0)
		filter_wait(d->p->filter, d->p->signals, TURN_MS);
}

static int
loop(struct delivery *d, struct fail *f)
{
	for (;;) {
		await_input(d);
		read_signals(d);
		if (d->ending.abort)
			return fail_temp(f, "stopped at once by a signal");
		if (delivery_refill(d, f) < 0)
			return -1;
		if (d->ending.now)
			give_back(d);
		else if (offer_all(d, f) < 0)
			return -1;
		if (turn(d, f) < 0)
			return -1;
		if (delivery_in_hand(d) == 0 &&
		    (d->ending.now ||
			(d->input_ended && d->waiting.count == 0)))
			return 0;
	}
}

int
delivery_run(const struct delivery_params *p, struct fail *f)
{
	struct delivery d = {.p = p, .chunk = 16};
	int rc;

	d.arena = arena_new();
	p->transport->may_leave = may_leave;
	p->transport->ctx = &d;
	rc = loop(&d, f);
	/* First the transport, which borrows from the letters. */
	p->transport->ops->close(p->transport, rc < 0);
	if (rc < 0 || d.ending.now)
		batch_files_keep(p->batches, NULL);
	if (rc == 0 && d.ending.now)
		filter_raise(p->filter, 75);
	letter_free_all(&d.pool);
	buf_free(&d.line);
	arena_free(d.arena);
	return rc;
}
