#include "port/send/delivery_end.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "port/send/delivery_event.h"
#include "port/send/delivery_outcome.h"

#define TURN_MS 100      /* longest wait of a turn; then signals are read */
#define TOGETHER_MS 2000 /* signals so close are one wish to end */
#define SIGNALS_MS 10    /* shortest time between two looks for signals */

void
delivery_end_signals(struct delivery_state *d)
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
	if (!d->ending.stop && d->p->deadline != 0 && now >= d->p->deadline)
		delivery_state_stop(d);
}

void
delivery_end_return(struct delivery_state *d)
{
	struct transport *t = d->p->transport;
	struct outcome o = delivery_outcome_ending(d);
	struct letter *l;

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

static void
handle_events(struct delivery_state *d)
{
	struct transport_event ev;

	while (d->p->transport->ops->event(d->p->transport, &ev))
		delivery_event_handle(d, &ev);
}

/* As long as the relay may have a message whose reply is not here. */
static void
await_replies(struct delivery_state *d)
{
	struct transport *t = d->p->transport;
	struct fail ignored;

	/* Events may be left of the turn that has failed. */
	if (d->awaited > 0)
		handle_events(d);
	while (d->awaited > 0 && !d->ending.abandon) {
		delivery_end_signals(d);
		if (t->ops->turn(t, TURN_MS * 1000, &ignored) < 0)
			d->ending.abandon = true;
		handle_events(d);
	}
}

/* Their gates stay closed: the intents have not happened. */
static void
release_unsent(struct delivery_state *d)
{
	for (struct letter *l = d->flying.head; l != NULL; l = l->next) {
		if (!l->ready)
			continue;
		l->ready = false;
		d->intended--;
		ledger_release(d->p->ledger, &l->item);
	}
}

void
delivery_end_failed(struct delivery_state *d, const struct fail *why)
{
	struct transport *t = d->p->transport;
	struct fail ignored;

	delivery_state_break(d, why);
	delivery_state_stop(d);
	if (t->ops->stop != NULL)
		t->ops->stop(t, NULL);
	await_replies(d);
	release_unsent(d);
	if (ledger_rescue(d->p->ledger, &ignored) == 0)
		delivery_outcome_write(d);
	else
		d->ending.abandon = true;
}
