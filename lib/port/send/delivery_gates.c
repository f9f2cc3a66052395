#include "port/send/delivery_gates.h"

#include "base/buf.h"
#include "base/clock.h"
#include "port/send/delivery_look.h"
#include "port/send/delivery_refusals.h"

static bool
has_room(const struct delivery_state *d)
{
	const struct rate_limits *limits = d->p->limits;

	if (d->broken)
		return false;
	return limits == NULL ||
	       d->intended + d->awaited < rate_limits_dots(limits);
}

static void
intend_letter(struct delivery_state *d, struct letter *l)
{
	ledger_intend(d->p->ledger, &l->item, clock_wall_ms());
	l->ready = true;
	d->intended++;
}

void
delivery_gates_arrive(struct delivery_state *d, struct letter *l)
{
	if (d->held == 0 && has_room(d)) {
		intend_letter(d, l);
		return;
	}
	l->held = true;
	d->held++;
}

/* A letter that is held has no intent: a kill leaves it not started. */
void
delivery_gates_intend(struct delivery_state *d)
{
	struct letter *l = d->held > 0 ? d->flying.head : NULL;

	for (; l != NULL && d->held > 0 && has_room(d); l = l->next) {
		if (!l->held)
			continue;
		l->held = false;
		d->held--;
		intend_letter(d, l);
	}
}

static void
open_gate(struct delivery_state *d, struct letter *l)
{
	struct transport *t = d->p->transport;

	l->released = true;
	d->awaited++;
	t->ops->release(t, &l->envelope);
}

static void
withhold_letter(
    struct delivery_state *d, struct letter *l, enum ledger_grant grant)
{
	struct transport *t = d->p->transport;

	letter_queue_remove(&d->flying, l);
	t->ops->withhold(t, &l->envelope);
	delivery_refusals_skip(d, l);
	delivery_look_refused(d, l, grant);
}

/*
 * An intent that does not stand costs its own letter, and no other. Behind a
 * sync every one is known.
 */
void
delivery_gates_open(struct delivery_state *d)
{
	struct letter *l, *next;

	for (l = d->flying.head; l != NULL; l = next) {
		enum ledger_grant grant;
		struct fail f;

		next = l->next;
		if (!l->ready)
			continue;
		grant = ledger_grant(d->p->ledger, &l->item);
		if (grant == LEDGER_GRANT_PENDING) {
			fail_system(&f, "the ledger does not tell whether an "
					"intent stands");
			delivery_state_break(d, &f);
			return;
		}
		l->ready = false;
		d->intended--;
		if (grant == LEDGER_GRANTED)
			open_gate(d, l);
		else
			withhold_letter(d, l, grant);
	}
}

static void
lose_reply(struct delivery_state *d, const struct outcome *o)
{
	struct transport *t = d->p->transport;
	struct buf why = {0};
	struct fail f;
	int rc = d->broken ? 0 : d->p->on_loss(d->p->ctx, &f);

	if (rc < 0)
		delivery_state_break(d, &f);
	if (rc != 1)
		return;
	buf_adds(&why, "replies to messages are lost, the last: ");
	buf_addstr(&why, o->reply);
	t->ops->stop(t, buf_cstr(&why));
	buf_free(&why);
}

/* An outcome without a code is no answer: not sent, or its reply is lost. */
static void
count_answer(struct delivery_state *d, const struct transport_event *ev)
{
	if (d->p->limits == NULL)
		return;
	if (ev->outcome.code != 0)
		rate_limits_answer(d->p->limits);
	else if (ev->type == TRANSPORT_DONE &&
		 ev->outcome.status == OUTCOME_IN_DOUBT)
		lose_reply(d, &ev->outcome);
}

void
delivery_gates_leave(struct delivery_state *d, struct letter *l,
    const struct transport_event *ev)
{
	bool released = l->released;

	d->awaited -= l->released;
	d->intended -= l->ready;
	d->held -= l->held;
	l->released = l->ready = l->held = false;
	if (released)
		count_answer(d, ev);
}
