#include "port/send/delivery_refusals.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "port/ledger/ledger_recipient.h"
#include "port/send/delivery_outcome.h"
#include "port/send/delivery_stops.h"

#define OTHERS 10       /* answers after which a refusal is charged */
#define EXCHANGE_MS 250 /* as often as journals are folded */

/* The recipient that the relay was asked about. */
static struct str
choose_key(const struct delivery_state *d, const struct letter *l)
{
	return d->p->redirect != NULL ? d->p->redirect->key : l->item.key;
}

static struct str
cut_domain(const struct delivery_state *d, const struct letter *l)
{
	struct str domain = str_behind(choose_key(d, l), '@');

	return domain.p == NULL ? STR("") : domain;
}

/* --- outcomes --- */

/* The refusal concerns us: the letter is put off and not charged. */
static void
settle_victim(struct delivery_state *d, struct letter *l,
    const struct outcome *said, int64_t next_try)
{
	struct outcome o = *said;

	o.status = OUTCOME_DEFERRED;
	o.class = "breaker";
	o.next_try = next_try;
	delivery_outcome_settle(d, l, &o);
}

/* A kill leaves the letter deferred, so that the next run asks again. */
static void
hold_letter(
    struct delivery_state *d, struct letter *l, const struct outcome *refusal)
{
	struct outcome deferred;
	struct fail f;

	delivery_outcome_fill(d, l, refusal);
	deferred = l->outcome;
	deferred.status = OUTCOME_DEFERRED;
	deferred.next_try = l->outcome.at;
	if (ledger_withdraw(
		d->p->ledger, &l->item, &deferred, l->outcome.at, &f) < 0)
		delivery_state_break(d, &f);
	l->answered = d->pending.answered;
	letter_queue_push(&d->pending.letters, l);
}

static void
charge_letter(struct delivery_state *d, struct letter *l)
{
	ledger_settle(d->p->ledger, &l->item, &l->outcome, l->outcome.at);
	letter_queue_push(&d->done, l);
	d->pending.owed = true;
}

/* Those who are pending and were refused in the words of the breaker. */
static void
spare_pending(struct delivery_state *d, int64_t now)
{
	struct letter *l, *next;

	for (l = d->pending.letters.head; l != NULL; l = next) {
		struct outcome o = l->outcome;

		next = l->next;
		if (!answer_share_is_open(d->p->answers, o.print, now))
			continue;
		letter_queue_remove(&d->pending.letters, l);
		settle_victim(d, l, &o, answer_share_next_try(d->p->answers));
	}
}

static void
stop_run(struct delivery_state *d, const struct outcome *why)
{
	struct outcome o = *why;

	o.class = "breaker";
	filter_raise(d->p->filter, 75);
	delivery_state_end(d, &o);
}

/* --- events --- */

static bool
is_charged_later(const struct transport_event *ev)
{
	return ev->outcome.status == OUTCOME_FAILED &&
	       ev->answer >= ANSWER_PERSONAL;
}

bool
delivery_refusals_take(struct delivery_state *d, struct letter *l,
    const struct transport_event *ev)
{
	struct answer a = {.kind = ev->answer,
	    .again = ev->again,
	    .print = ev->outcome.print,
	    .at = clock_wall_ms()};
	enum answer_effect_part part;
	struct str domain;

	if (d->p->answers == NULL)
		return false;
	domain = cut_domain(d, l);
	/* Whose mailbox is asked for again tells nothing new of the relay. */
	if (l->item.reopened && strcmp(l->item.was_class, "bad_mailbox") == 0)
		a.kind = ANSWER_NONE;
	a.who = answer_hash(choose_key(d, l));
	a.domain = answer_hash(domain);
	part = answer_share_add(d->p->answers, &a, domain, &ev->outcome);
	d->pending.answered += a.kind != ANSWER_NONE;
	d->pending.owed = d->pending.owed || a.kind > ANSWER_TAKEN;
	if (part == ANSWER_EFFECT_BREAKER) {
		settle_victim(
		    d, l, &ev->outcome, answer_share_next_try(d->p->answers));
		spare_pending(d, a.at);
		d->pending.next_exchange = 0;
		stop_run(d, &ev->outcome);
	} else if (part == ANSWER_EFFECT_OUTAGE) {
		settle_victim(d, l, &ev->outcome, a.at);
		d->pending.next_exchange = 0;
	} else if (is_charged_later(ev)) {
		hold_letter(d, l, &ev->outcome);
	} else {
		return false;
	}
	return true;
}

void
delivery_refusals_skip(struct delivery_state *d, const struct letter *l)
{
	static const struct answer none = {.kind = ANSWER_NONE};
	static const struct outcome empty;

	if (d->p->answers != NULL)
		answer_share_add(
		    d->p->answers, &none, cut_domain(d, l), &empty);
}

enum answer_effect_gate
delivery_refusals_gate(struct delivery_state *d, const struct letter *l)
{
	return d->p->answers == NULL
		   ? ANSWER_EFFECT_GO
		   : answer_share_gate(d->p->answers, cut_domain(d, l));
}

void
delivery_refusals_close(struct delivery_state *d, struct letter *l)
{
	struct outcome o = delivery_outcome_make(OUTCOME_DEFERRED, "breaker");

	ledger_release(d->p->ledger, &l->item);
	l->item.attempt--;
	delivery_outcome_set(d, l, &o);
}

void
delivery_refusals_settle(struct delivery_state *d)
{
	struct letter_queue *q = &d->pending.letters;

	while (q->head != NULL &&
	       d->pending.answered - q->head->answered >= OTHERS)
		charge_letter(d, letter_queue_pop(q));
}

/* --- the exchange --- */

struct reopening {
	struct delivery_state *d;
	int64_t now;
	struct buf *notes; /* lines */
};

/* As an answer_effect_fn. */
static int
reopen_victims(void *ctx, const struct answer_effect_victims *v, struct fail *f)
{
	struct reopening *r = ctx;
	struct ledger_decision_reopen reopen = {.relay = r->d->p->relay,
	    .print = v->print,
	    .domain = v->domain,
	    .since = v->since,
	    .next_try = v->next_try,
	    .now = r->now};
	long long n = ledger_recipient_reopen(r->d->p->store, &reopen, f);

	if (n <= 0)
		return (int)n;
	if (v->print != 0)
		buf_printf(r->notes,
		    "%lld recipients had failed with the same words within "
		    "the hour: they are deferred again (breaker)\n",
		    n);
	else
		buf_printf(r->notes,
		    "%.*s has lost its mailboxes: %lld recipients had failed "
		    "as unknown since that began and are deferred again "
		    "(breaker)\n",
		    (int)v->domain.n, v->domain.p, n);
	return 0;
}

/* As a relay_stop_fn. */
static int
keep_found(void *ctx, const struct relay_stop *stop, struct fail *f)
{
	(void)f;
	delivery_stops_put(ctx, stop, 75);
	return 0;
}

static void
tell_notes(struct delivery_state *d, struct buf *notes)
{
	struct str rest = buf_str(notes), line;

	while (d->p->on_note != NULL && str_line(&rest, &line))
		d->p->on_note(d->p->ctx, line);
	buf_free(notes);
}

static int
commit_exchange(struct delivery_state *d, struct reopening *r, struct fail *f)
{
	if (store_begin(d->p->store, !d->pending.owed, f) < 0)
		return -1;
	if (answer_share_exchange(d->p->answers, f) < 0 ||
	    answer_share_each(d->p->answers, r->now, reopen_victims, r, f) <
		0) {
		store_rollback(d->p->store);
		return -1;
	}
	return store_commit(d->p->store, f);
}

/* Rows that are to be reopened must be there: they are folded first. */
static int
exchange_answers(struct delivery_state *d, struct fail *f)
{
	struct buf notes = {0};
	struct reopening r = {d, clock_wall_ms(), &notes};
	struct outcome stopped =
	    delivery_outcome_make(OUTCOME_DEFERRED, "breaker");
	int rc = d->pending.owed ? ledger_flush(d->p->ledger, f) : 0;

	if (rc == 0)
		rc = commit_exchange(d, &r, f);
	if (rc == 0)
		rc = answer_share_publish(
		    d->p->answers, r.now, keep_found, d, f);
	tell_notes(d, &notes);
	if (rc < 0)
		return -1;
	d->pending.owed = false;
	if (answer_share_is_stopped(d->p->answers, r.now)) {
		spare_pending(d, r.now);
		if (!d->ending.stop)
			stop_run(d, &stopped);
	}
	return 0;
}

int
delivery_refusals_share(struct delivery_state *d, struct fail *f)
{
	struct delivery_pending *r = &d->pending;
	int64_t now = clock_mono_ms();
	bool skipped;

	if (d->p->answers == NULL || now < r->next_exchange ||
	    (!r->owed && !answer_share_has_news(d->p->answers)))
		return 0;
	r->next_exchange = now + EXCHANGE_MS;
	if (!r->owed) {
		if (answer_share_skip(d->p->answers, &skipped, f) < 0)
			return -1;
		if (skipped)
			return 0;
	}
	return exchange_answers(d, f);
}

int
delivery_refusals_finish(struct delivery_state *d, struct fail *f)
{
	struct delivery_pending *r = &d->pending;
	bool some = r->letters.count > 0;

	if (d->p->answers == NULL)
		return 0;
	r->next_exchange = 0;
	if (delivery_refusals_share(d, f) < 0)
		return -1;
	while (r->letters.count > 0)
		charge_letter(d, letter_queue_pop(&r->letters));
	return some;
}
