#include "port/send/delivery.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "mail/record/message.h"
#include "mail/record/outcome.h"
#include "port/bounce/bounce_refusals.h"
#include "port/bounce/suppressed.h"
#include "port/send/delivery_bounces.h"
#include "port/send/delivery_end.h"
#include "port/send/delivery_event.h"
#include "port/send/delivery_gates.h"
#include "port/send/delivery_intake.h"
#include "port/send/delivery_look.h"
#include "port/send/delivery_offer.h"
#include "port/send/delivery_outcome.h"
#include "port/send/delivery_refusals.h"
#include "port/send/delivery_state.h"
#include "port/send/delivery_stops.h"

#define TURN_MS 100 /* longest wait of a turn; then signals are read */

/*
 * A letter that cannot be checked is not sent, and the run ends. An intent that
 * was withdrawn stays so.
 */
static bool
may_leave(void *ctx, struct envelope *e)
{
	struct delivery_state *d = ctx;
	struct letter *l = e->owner;
	struct fail f;
	int rc;

	letter_queue_remove(&d->flying, l);
	if (!d->broken && d->flushing && !d->reading)
		d->reading = store_begin_read(d->p->store, &f) == 0;
	rc = d->broken ? -1 : delivery_look_again(d, l, &f);
	if (rc < 0 && !d->broken)
		delivery_state_break(d, &f);
	if (rc == 0)
		delivery_refusals_skip(d, l);
	if (rc != 0)
		letter_queue_push(&d->flying, l);
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
	wait = d->next_grant - clock_mono_ms();
	return wait < 0 ? 0 : wait < TURN_MS ? (int)wait : TURN_MS;
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
	if (d->reading && store_end_read(d->p->store, f) < 0)
		return -1;
	d->reading = false;
	return check_broken(d, f);
}

static int
move_mail(struct delivery_state *d, int timeout_us, struct fail *f)
{
	struct transport *t = d->p->transport;
	struct transport_event ev;

	if (t->ops->turn(t, timeout_us, f) < 0 || check_broken(d, f) < 0)
		return -1;
	while (t->ops->event(t, &ev))
		delivery_event_handle(d, &ev);
	delivery_refusals_settle(d);
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
	if (ledger_fold(d->p->ledger, clock_wall_ms(), f) < 0)
		return -1;
	return delivery_refusals_share(d, f);
}

/* Nothing is under way: wait for a record or a signal. */
static void
await_input(struct delivery_state *d)
{
	if (!d->input_ended && !d->ending.stop &&
	    delivery_state_in_hand(d) == 0)
		filter_wait(d->p->filter, d->p->signals, TURN_MS);
}

/* Who has said no meanwhile, in a folder that others write. */
static int
take_acts(struct delivery_state *d, struct fail *f)
{
	struct act_take_counts counts = {0};

	if (d->p->acts == NULL)
		return 0;
	return act_take_poll(d->p->acts, d->p->store, &counts, f);
}

static int
run_turns(struct delivery_state *d, struct fail *f)
{
	int rc;

	for (;;) {
		await_input(d);
		delivery_end_signals(d);
		if (d->ending.abandon)
			return fail_temp(f, "stopped at once by a signal");
		if (take_acts(d, f) < 0 || delivery_stops_look(d, f) < 0 ||
		    delivery_intake_refill(d, f) < 0)
			return -1;
		if (d->ending.stop)
			delivery_end_return(d);
		else if (delivery_offer_all(d, f) < 0)
			return -1;
		if (run_turn(d, f) < 0)
			return -1;
		rc = delivery_state_is_idle(d) ? delivery_refusals_finish(d, f)
					       : 0;
		if (rc < 0)
			return -1;
		if (rc == 0 && delivery_state_in_hand(d) == 0 &&
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
	d.began = clock_mono_ms();
	d.suppressed = suppressed_new(p->store->bounces);
	d.refusals = bounce_refusals_new();
	delivery_stops_init(&d);
	p->transport->may_leave = may_leave;
	p->transport->ctx = &d;
	rc = run_turns(&d, f);
	if (rc == 0)
		rc = delivery_bounces_enter(&d, f);
	if (rc < 0)
		delivery_end_failed(&d, f);
	/* The transport borrows from the letters: close it first. */
	p->transport->ops->close(p->transport, d.ending.abandon);
	if (rc < 0 || d.ending.stop)
		batch_files_keep(p->batches, NULL);
	if (rc == 0 && d.ending.stop)
		filter_raise(p->filter, 75);
	suppressed_free(d.suppressed);
	bounce_refusals_free(d.refusals);
	delivery_stops_free(&d);
	letter_pool_free(&d.pool);
	buf_free(&d.line);
	arena_free(d.arena);
	return rc;
}
