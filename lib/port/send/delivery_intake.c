#include "port/send/delivery_intake.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "mail/mime/addr.h"
#include "port/send/delivery_outcome.h"
#include "port/send/delivery_stops.h"
#include "port/send/letter_check.h"

#define CHUNK_MAX 256
#define PACED_MAX 2048 /* paced letters at which reading stops */
#define CHUNK_MS 1000  /* time in which a chunk is sent */
#define BUSY_MS 1000   /* until one that another process has is asked for */
#define SKIP_MS 2000   /* time of skipping after which it is told */
#define AHEAD 2        /* records read in a turn beyond those in flight */

bool
delivery_intake_is_open(const struct delivery_state *d)
{
	return !d->input_ended && !d->ending.stop &&
	       d->paced.count <= PACED_MAX && d->read.count < d->chunk &&
	       d->read.bytes + d->claimed.bytes < DELIVERY_STATE_BYTES;
}

/* A broken record: nothing of it is in the ledger. */
static void
refuse_record(struct delivery_state *d, struct letter *l,
    const struct filter_record *r, const struct fail *f)
{
	struct outcome o = delivery_outcome_make(OUTCOME_SKIPPED, "invalid");

	filter_report(d->p->filter, r, "send", "invalid", f);
	batch_files_keep(d->p->batches, r->file);
	o.reply = str_of(f->text);
	delivery_outcome_set(d, l, &o);
}

/* A recipient's own sender is one of many that a relay takes or refuses. */
static struct str
find_sender_key(const struct delivery_params *p, struct str sender)
{
	if (p->verp_pattern.p != NULL && verp_matches(&p->verp, sender))
		return p->verp_pattern;
	return sender.p != NULL ? sender : STR("");
}

/*
 * A learner must not get links that change nothing, a tester none that stop
 * a learner's mail: the whole input is of the wrong kind.
 */
static int
check_links(struct delivery_state *d, const struct letter *l, struct fail *f)
{
	bool redirected = d->p->redirect != NULL;

	if (l->message.test == redirected || (redirected && d->p->live_links))
		return 0;
	filter_raise(d->p->filter, 2);
	return fail_data(f,
	    redirected ? "the links are the learner's own: bm-render "
			 "--test-links makes a test message (--live-links "
			 "sends this one)"
		       : "a test message (bm-render --test-links): --redirect "
			 "sends it to a tester");
}

/* -1: there is no more; else 0. */
static int
read_one(struct delivery_state *d)
{
	struct filter_record r;
	struct letter *l;
	struct fail f = {0};
	int rc = filter_next(d->p->filter, &r);

	if (rc != 1) {
		if (rc < 0)
			batch_files_keep(d->p->batches, NULL);
		return -1;
	}
	l = letter_pool_get(&d->pool);
	l->file = r.file;
	if (letter_read(l, r.raw, &f) < 0 || check_links(d, l, &f) < 0 ||
	    letter_check_sender(l, d->p->sender, d->p->addr_policy, &f) < 0) {
		refuse_record(d, l, &r, &f);
		return 0;
	}
	if (letter_check_address(l, d->p->addr_policy, &f) < 0)
		filter_report(d->p->filter, &r, "send", "bad_address", &f);
	letter_fill(l, d->p->transport->ops->named);
	l->sender_key = find_sender_key(d->p, l->envelope.sender);
	if (d->p->redirect != NULL)
		letter_redirect(l, d->p->redirect);
	letter_queue_push(&d->read, l);
	return 0;
}

/* Never waits: a slow producer must not hold up letters under way. */
static void
read_some(struct delivery_state *d, size_t most)
{
	while (most-- > 0 && delivery_intake_is_open(d) &&
	       filter_ready(d->p->filter)) {
		if (read_one(d) < 0)
			d->input_ended = true;
	}
}

static void
report_unclaimed(struct delivery_state *d, struct letter *l)
{
	struct outcome o = {.stage = "none"};

	switch (l->item.verdict) {
	case CLAIM_FINAL:
		o.status = OUTCOME_SKIPPED;
		o.class = "duplicate";
		o.was = str_of(outcome_status_name(l->item.was));
		l->item.attempt--;
		d->skipped++;
		break;
	case CLAIM_BUSY:
		o.status = OUTCOME_DEFERRED;
		o.class = "busy";
		o.next_try = clock_wall_ms() + BUSY_MS;
		break;
	case CLAIM_IN_DOUBT:
		o.status = OUTCOME_IN_DOUBT;
		o.class = "no_reply";
		l->item.attempt--;
		break;
	case CLAIM_NOT_YET:
		delivery_stops_meet(d, l);
		o.status = OUTCOME_DEFERRED;
		o.class = l->item.was_class;
		o.next_try = l->item.next_try;
		l->item.attempt--;
		break;
	case CLAIM_HELD:
		o.status = OUTCOME_DEFERRED;
		o.class = "held";
		break;
	case CLAIM_PRUNED:
		o.status = OUTCOME_SKIPPED;
		o.class = "pruned";
		l->item.attempt--;
		break;
	case CLAIM_YOURS:
	case CLAIM_AGAIN:
	case CLAIM_CANCELLED:
		return;
	}
	delivery_outcome_set(d, l, &o);
}

static void
sort_claim(struct delivery_state *d, struct letter *l)
{
	struct outcome cancelled =
	    delivery_outcome_make(OUTCOME_SKIPPED, "cancelled");
	struct outcome bad =
	    delivery_outcome_make(OUTCOME_FAILED, "bad_address");

	switch (l->item.verdict) {
	case CLAIM_YOURS:
		if (l->refused.p != NULL) {
			bad.reply = l->refused;
			delivery_outcome_settle(d, l, &bad);
		} else if (!delivery_stops_hold(d, l)) {
			letter_queue_push(&d->claimed, l);
		}
		break;
	case CLAIM_AGAIN:
		letter_queue_push(&d->again, l);
		break;
	case CLAIM_CANCELLED:
		delivery_outcome_settle(d, l, &cancelled);
		break;
	case CLAIM_FINAL:
	case CLAIM_BUSY:
	case CLAIM_IN_DOUBT:
	case CLAIM_NOT_YET:
	case CLAIM_HELD:
	case CLAIM_PRUNED:
		report_unclaimed(d, l);
		break;
	}
}

/* A run that goes on where another ended reads what that one has settled. */
static void
tell_skipped(struct delivery_state *d)
{
	bool begins = d->claimed.count > 0 || d->input_ended;
	bool slow = clock_mono_ms() - d->began >= SKIP_MS;

	if (d->skip_told || (!begins && !(slow && d->skipped > 0)))
		return;
	d->skip_told = true;
	if (d->skipped > 0 && d->p->on_skip != NULL)
		d->p->on_skip(d->p->ctx, d->skipped, slow);
}

static int
claim_letters(
    struct delivery_state *d, struct letter_queue *from, struct fail *f)
{
	struct letter *letters[CHUNK_MAX];
	struct ledger_item *items[CHUNK_MAX];
	struct claim_policy policy = d->p->policy;
	size_t n = 0;

	/* The transport can tell, so no operator has to decide. */
	if (d->p->transport->ops->delivered != NULL)
		policy.resend_in_doubt = true;
	while (n < CHUNK_MAX && (letters[n] = letter_queue_pop(from)) != NULL) {
		items[n] = &letters[n]->item;
		n++;
	}
	if (ledger_claim(d->p->ledger, items, n, &policy, clock_wall_ms(), f) <
	    0) {
		while (n > 0)
			letter_pool_put(&d->pool, letters[--n]);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		sort_claim(d, letters[i]);
	tell_skipped(d);
	return 0;
}

/* A chunk takes CHUNK_MS, so that other senders get their share. */
static void
adapt_chunk(struct delivery_state *d)
{
	int64_t now = clock_mono_ms();
	int64_t took = now - d->chunk_started;

	if (d->chunk_started != 0 && took > 0) {
		size_t n = d->chunk_settled * CHUNK_MS / (size_t)took;

		d->chunk = n < 1 ? 1 : n > CHUNK_MAX ? CHUNK_MAX : n;
	}
	d->chunk_started = now;
	d->chunk_settled = 0;
}

/* Letters that are due again have to be claimed again. */
static int
read_waiting(struct delivery_state *d, struct fail *f)
{
	struct letter_queue waiting = d->waiting;
	int64_t now = clock_mono_ms();
	struct letter *l;

	if (waiting.count == 0 || now < d->next_due)
		return 0;
	if (ledger_flush(d->p->ledger, f) < 0)
		return -1;
	d->waiting = (struct letter_queue){0};
	d->next_due = INT64_MAX;
	while ((l = letter_queue_pop(&waiting)) != NULL) {
		bool due = l->due <= now;

		if (!due && l->due < d->next_due)
			d->next_due = l->due;
		l->offered_at = 0;
		letter_queue_push(due ? &d->read : &d->waiting, l);
	}
	return 0;
}

int
delivery_intake_refill(struct delivery_state *d, struct fail *f)
{
	if (d->ending.stop)
		return 0;
	/* Read in small steps while the relay has work. */
	if (d->claimed.count > 0)
		read_some(d, AHEAD + d->flying.count);
	/* Claim before the last letter, so that pipelining goes on. */
	if (d->claimed.count > d->chunk / 8)
		return 0;
	if (read_waiting(d, f) < 0)
		return -1;
	read_some(d, CHUNK_MAX);
	if (d->read.count > 0) {
		adapt_chunk(d);
		return claim_letters(d, &d->read, f);
	}
	if (d->input_ended)
		tell_skipped(d);
	if (d->again.count == 0 || !d->input_ended ||
	    d->claimed.count + d->paced.count + d->flying.count > 0)
		return 0;
	if (ledger_flush(d->p->ledger, f) < 0)
		return -1;
	return claim_letters(d, &d->again, f);
}
