#include "port/send/delivery_offer.h"

#include "base/clock.h"
#include "port/send/delivery_outcome.h"
#include "port/send/delivery_refusals.h"

/*
 * Ask the transport about a letter in doubt. 0: it was not delivered; 1: it has
 * its outcome.
 */
static int
check_delivered(struct delivery_state *d, struct letter *l, struct fail *f)
{
	struct outcome sent = delivery_outcome_make(OUTCOME_SENT, "ok");
	struct outcome doubt =
	    delivery_outcome_make(OUTCOME_IN_DOUBT, "no_reply");
	int found =
	    d->p->transport->ops->delivered(d->p->transport, &l->envelope, f);

	if (found == 1) {
		sent.stage = "maildir";
		delivery_outcome_settle(d, l, &sent);
	} else if (found == 2) {
		ledger_release(d->p->ledger, &l->item);
		l->item.attempt--;
		delivery_outcome_set(d, l, &doubt);
		found = 1;
	}
	return found;
}

static int
offer_one(struct delivery_state *d, struct letter *l, struct fail *f)
{
	bool doubt = l->item.was_in_doubt && !d->p->policy.resend_in_doubt;
	int rc = doubt ? check_delivered(d, l, f) : 0;

	if (rc == 0) {
		l->offered_at = clock_mono_ms();
		letter_queue_push(&d->flying, l);
		l->envelope.attempt = l->item.attempt;
		d->p->transport->ops->offer(d->p->transport, &l->envelope);
	}
	if (rc < 0)
		letter_pool_put(&d->pool, l);
	return rc < 0 ? -1 : 0;
}

/* 1: the limit lets a letter leave now; 0: not before d->next_grant. */
static int
limit_allows(struct delivery_state *d, int limit, struct fail *f)
{
	size_t want =
	    d->claimed.count + d->paced.count + (limit != RATE_LIMITS_ALL);
	int64_t now, next;

	if (d->p->limits == NULL)
		return 1;
	now = clock_mono_ms();
	next = rate_limits_next(
	    d->p->limits, limit, now, clock_wall_ms(), want, f);
	if (next < 0)
		return -1;
	if (next > now && (d->next_grant == 0 || next < d->next_grant))
		d->next_grant = next;
	return next <= now;
}

#define CLOSED 2 /* the letter's domain is asked for nobody */

/* 1: the letter may leave now, CLOSED, or 0: it waits. */
static int
try_letter(
    struct delivery_state *d, struct letter *l, bool *asked, struct fail *f)
{
	bool limited = l->limit != RATE_LIMITS_ALL;
	enum answer_effect_gate gate;
	int rc = 1;

	if (limited && asked[l->limit])
		return 0;
	if (limited)
		rc = limit_allows(d, l->limit, f);
	if (limited)
		asked[l->limit] = true;
	if (rc != 1)
		return rc;
	/* The last question: it may make the letter the probe of its domain. */
	gate = delivery_refusals_gate(d, l);
	if (limited && gate == ANSWER_EFFECT_CLOSED)
		asked[l->limit] = false;
	if (gate == ANSWER_EFFECT_CLOSED)
		return CLOSED;
	return gate == ANSWER_EFFECT_GO;
}

/* The next letter is wanted in place of one whose domain is closed: 0. */
static int
end_closed(struct delivery_state *d, struct letter *l, int rc)
{
	if (rc != CLOSED)
		return rc;
	delivery_refusals_close(d, l);
	return 0;
}

/*
 * 1: the next letter that its domain's limit lets leave. 0: there is none, and
 * all claimed letters are in the queue paced, in the order of the claim.
 */
static int
next_letter(struct delivery_state *d, struct letter **out, struct fail *f)
{
	bool asked[RATE_LIMITS_DOMAINS] = {false};
	struct letter *l, *next;
	int rc = 0;

	for (l = d->paced.head; rc == 0 && l != NULL; l = next) {
		next = l->next;
		rc = try_letter(d, l, asked, f);
		if (rc <= 0)
			continue;
		letter_queue_remove(&d->paced, l);
		*out = l;
		rc = end_closed(d, l, rc);
	}
	while (rc == 0 && (l = letter_queue_pop(&d->claimed)) != NULL) {
		l->limit = d->p->limits == NULL ? RATE_LIMITS_ALL
						: rate_limits_of(d->p->limits,
						      l->envelope.recipient);
		rc = try_letter(d, l, asked, f);
		if (rc <= 0)
			letter_queue_push(&d->paced, l);
		*out = l;
		rc = end_closed(d, l, rc);
	}
	return rc;
}

static void
use_grants(struct delivery_state *d, const struct letter *l)
{
	if (d->p->limits == NULL)
		return;
	rate_limits_use(d->p->limits, RATE_LIMITS_ALL);
	if (l->limit != RATE_LIMITS_ALL)
		rate_limits_use(d->p->limits, l->limit);
}

int
delivery_offer_all(struct delivery_state *d, struct fail *f)
{
	struct transport *t = d->p->transport;
	struct letter *l;
	int rc = 1;

	d->next_grant = 0;
	while (rc == 1 && !d->ending.stop &&
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
