#include "port/send/delivery_event.h"

#include <string.h>

#include "base/clock.h"
#include "port/send/delivery_gates.h"
#include "port/send/delivery_outcome.h"
#include "port/send/delivery_refusals.h"
#include "port/send/delivery_stops.h"

static void
slow_down(struct delivery_state *d)
{
	struct fail f;

	if (d->p->limits != NULL && !d->broken &&
	    rate_limits_throttle(d->p->limits, clock_wall_ms(), &f) < 0)
		delivery_state_break(d, &f);
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
	struct fail f;

	if (ledger_withdraw(d->p->ledger, &l->item, o, clock_wall_ms(), &f) < 0)
		delivery_state_break(d, &f);
}

/* The letter was not begun; the transport may not know why the run ends. */
static void
return_letter(
    struct delivery_state *d, struct letter *l, const struct outcome *told)
{
	struct outcome ending = delivery_outcome_ending(d);
	bool stopped = strcmp(told->class, "stopped") == 0 && d->ending.stop;

	delivery_refusals_skip(d, l);
	ledger_release(d->p->ledger, &l->item);
	l->item.attempt--;
	delivery_outcome_set(d, l, stopped ? &ending : told);
}

void
delivery_event_handle(
    struct delivery_state *d, const struct transport_event *ev)
{
	struct letter *l;
	bool held;

	if (ev->type == TRANSPORT_REFUSED) {
		delivery_stops_add(d, ev);
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
	if (!ev->charged)
		return_letter(d, l, &ev->outcome);
	else if (!delivery_refusals_take(d, l, ev))
		settle_attempt(d, l, ev->outcome);
}
