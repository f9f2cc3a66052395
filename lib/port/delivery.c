#include "port/delivery.h"

#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "mail/addr.h"
#include "mail/record.h"
#include "port/letter.h"
#include "port/optouts.h"

#define TURN_MS 100 /* how long a turn may wait: signals are seen after it */
#define CHUNK_MAX 256
#define CHUNK_BYTES (32u << 20) /* of records held at a time */
#define CHUNK_MS 1000           /* a chunk is about one second of work */

/* Why nothing more is begun. */
struct ending {
	bool now;   /* set: what is claimed is given back */
	bool abort; /* and what is under way is dropped */
	const char *class;
	const char *stage;
	int code;
	struct str enhanced, reply, relay;
};

struct delivery {
	const struct delivery_params *p;
	struct letter_queue read;    /* not claimed yet */
	struct letter_queue claimed; /* to be offered */
	struct letter_queue again;   /* the same person is under way */
	struct letter_queue flying;  /* offered */
	struct letter_queue done;    /* outcome known, not yet told */
	struct letter_pool pool;
	struct arena *arena; /* lives as long as the run */
	struct buf line;
	struct ending ending;
	bool input_ended;
	bool broken; /* the database could not be read: why says it */
	struct fail why;
	size_t chunk;          /* how many to claim next */
	int64_t chunk_started; /* monotonic ms */
	size_t chunk_settled;
	int64_t next_grant; /* ms since 1970; 0: no wait for the rate */
};

static int64_t
clock_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t
now_ms(void)
{
	return clock_ms(CLOCK_REALTIME);
}

static size_t
in_hand(const struct delivery *d)
{
	return d->read.count + d->claimed.count + d->again.count +
	       d->flying.count + d->done.count;
}

/* The outcome is told once all facts before it are durable. */
static void
finish(struct delivery *d, struct letter *l, const struct outcome *o)
{
	l->outcome = *o;
	letter_identify(l);
	l->outcome.attempt = l->item.attempt;
	if (l->offered_at != 0 && l->outcome.ms == 0)
		l->outcome.ms = clock_ms(CLOCK_MONOTONIC) - l->offered_at;
	l->outcome.at = now_ms();
	letter_keep(l);
	letter_push(&d->done, l);
	d->chunk_settled++;
}

static void
settle(struct delivery *d, struct letter *l, const struct outcome *o)
{
	finish(d, l, o);
	ledger_settle(d->p->ledger, &l->item, &l->outcome, l->outcome.at);
}

static struct outcome
outcome_of(enum outcome_status status, const char *class)
{
	return (struct outcome){
	    .status = status, .class = class, .stage = "none"};
}

static int
tell(struct delivery *d, const struct letter *l)
{
	buf_reset(&d->line);
	record_put_outcome(&d->line, &l->outcome);
	switch (l->outcome.status) {
	case OUTCOME_SENT:
		break;
	case OUTCOME_FAILED:
	case OUTCOME_IN_DOUBT:
		filter_raise(d->p->filter, 1);
		break;
	case OUTCOME_DEFERRED:
		filter_raise(d->p->filter, 75);
		break;
	case OUTCOME_SKIPPED:
		if (strcmp(l->outcome.class, "busy") == 0)
			filter_raise(d->p->filter, 75);
		break;
	}
	return filter_write_now(d->p->filter, buf_str(&d->line));
}

/* A reader of outcomes that went away ends the run as a signal would. */
static void
tell_all(struct delivery *d)
{
	struct letter *l;

	while ((l = letter_pop(&d->done)) != NULL) {
		if (tell(d, l) < 0 && !d->ending.now)
			d->ending = (struct ending){
			    .now = true, .class = "stopped", .stage = "none"};
		letter_free(&d->pool, l);
	}
}

/* 1: a letter is in the read queue; 0: the record was refused; -1: end. */
static int
read_one(struct delivery *d)
{
	struct filter_record r;
	struct letter *l;
	struct fail f;

	if (filter_next(d->p->filter, &r) != 1)
		return -1;
	l = letter_new(&d->pool, r.raw);
	if (record_message(&l->message, l->raw, l->arena, &f) < 0) {
		filter_report(d->p->filter, &r, "send", "invalid", &f);
		letter_free(&d->pool, l);
		return 0;
	}
	if (addr_parse(&l->to, l->message.email, d->p->addr_policy, l->arena,
		&f) < 0 ||
	    letter_check_sender(l, d->p->addr_policy, &f) < 0) {
		struct outcome o = outcome_of(OUTCOME_FAILED, "bad_address");

		filter_report(d->p->filter, &r, "send", "bad_address", &f);
		o.reply = str_of(arena_dup(l->arena, f.text, strlen(f.text)));
		finish(d, l, &o);
		return 0;
	}
	letter_fill(l);
	if (d->p->redirect != NULL)
		letter_redirect(l, d->p->redirect);
	letter_push(&d->read, l);
	return 1;
}

/*
 * Waits for input only when nothing else is to be done, so a slow producer
 * does not hold up what is under way.
 */
static void
read_chunk(struct delivery *d)
{
	while (!d->input_ended && d->read.count < d->chunk &&
	       d->read.bytes < CHUNK_BYTES &&
	       (in_hand(d) == 0 || filter_ready(d->p->filter))) {
		if (read_one(d) < 0)
			d->input_ended = true;
	}
}

static void
not_sent(struct delivery *d, struct letter *l)
{
	struct outcome o = {.stage = "none"};

	switch (l->item.verdict) {
	case LEDGER_FINAL:
		o.status = OUTCOME_SKIPPED;
		o.class = "duplicate";
		o.was = str_of(record_status_name(l->item.was));
		l->item.attempt--;
		break;
	case LEDGER_BUSY:
		o.status = OUTCOME_SKIPPED;
		o.class = "busy";
		break;
	case LEDGER_IN_DOUBT:
		o.status = OUTCOME_IN_DOUBT;
		o.class = "no_reply";
		l->item.attempt--;
		break;
	case LEDGER_NOT_YET:
		o.status = OUTCOME_DEFERRED;
		o.class = l->item.was_class;
		o.next_try = l->item.next_try;
		l->item.attempt--;
		break;
	case LEDGER_HELD:
		o.status = OUTCOME_DEFERRED;
		o.class = "held";
		break;
	case LEDGER_YOURS:
	case LEDGER_AGAIN:
	case LEDGER_CANCELLED:
		return;
	}
	finish(d, l, &o);
}

static void
sort_claim(struct delivery *d, struct letter *l)
{
	struct outcome cancelled = outcome_of(OUTCOME_SKIPPED, "cancelled");

	switch (l->item.verdict) {
	case LEDGER_YOURS:
		letter_push(&d->claimed, l);
		break;
	case LEDGER_AGAIN:
		letter_push(&d->again, l);
		break;
	case LEDGER_CANCELLED:
		settle(d, l, &cancelled);
		break;
	case LEDGER_FINAL:
	case LEDGER_BUSY:
	case LEDGER_IN_DOUBT:
	case LEDGER_NOT_YET:
	case LEDGER_HELD:
		not_sent(d, l);
		break;
	}
}

static int
claim(struct delivery *d, struct letter_queue *from, struct fail *f)
{
	struct letter *letters[CHUNK_MAX];
	struct ledger_item *items[CHUNK_MAX];
	struct ledger_policy policy = d->p->policy;
	size_t n = 0;

	/* A transport that can look needs no person to decide. */
	if (d->p->transport->ops->delivered != NULL)
		policy.resend_in_doubt = true;
	while (n < CHUNK_MAX && (letters[n] = letter_pop(from)) != NULL) {
		items[n] = &letters[n]->item;
		n++;
	}
	if (ledger_claim(d->p->ledger, items, n, &policy, now_ms(), f) < 0) {
		while (n > 0)
			letter_free(&d->pool, letters[--n]);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		sort_claim(d, letters[i]);
	return 0;
}

/* About a second of work, so that no process hoards what others could do. */
static void
adapt_chunk(struct delivery *d)
{
	int64_t now = clock_ms(CLOCK_MONOTONIC);
	int64_t took = now - d->chunk_started;

	if (d->chunk_started != 0 && took > 0) {
		size_t n = d->chunk_settled * CHUNK_MS / (size_t)took;

		d->chunk = n < 1 ? 1 : n > CHUNK_MAX ? CHUNK_MAX : n;
	}
	d->chunk_started = now;
	d->chunk_settled = 0;
}

static int
refill(struct delivery *d, struct fail *f)
{
	if (d->ending.now || d->claimed.count > 0)
		return 0;
	read_chunk(d);
	if (d->read.count > 0) {
		adapt_chunk(d);
		return claim(d, &d->read, f);
	}
	if (d->again.count == 0 || d->flying.count > 0 || !d->input_ended)
		return 0;
	if (ledger_flush(d->p->ledger, f) < 0)
		return -1;
	return claim(d, &d->again, f);
}

/* Nothing more is begun: all that is not under way comes back unsent. */
static void
give_back(struct delivery *d)
{
	struct outcome o = outcome_of(OUTCOME_DEFERRED, d->ending.class);
	struct letter *l;

	o.stage = d->ending.stage;
	o.code = d->ending.code;
	o.enhanced = d->ending.enhanced;
	o.reply = d->ending.reply;
	o.relay = d->ending.relay;
	while ((l = letter_pop(&d->claimed)) != NULL) {
		ledger_release(d->p->ledger, &l->item);
		l->item.attempt--;
		finish(d, l, &o);
	}
	while ((l = letter_pop(&d->again)) != NULL)
		finish(d, l, &o);
	while ((l = letter_pop(&d->read)) != NULL)
		finish(d, l, &o);
}

/*
 * The register and the mailing's state as they are now: 1 go, 0 settled
 * otherwise. A hold gives the claim back, so it can be released later.
 */
static int
look_again(struct delivery *d, struct letter *l, struct fail *f)
{
	const struct message *m = &l->message;
	struct outcome o = outcome_of(OUTCOME_SKIPPED, "optout");
	enum ledger_state state;
	bool out;

	if (ledger_state(d->p->ledger, m->email_id, &state, f) < 0 ||
	    optouts_check(
		d->p->db, m->course_id, m->user_id, l->item.key, &out, f) < 0)
		return -1;
	if (state == LEDGER_ON_HOLD) {
		ledger_release(d->p->ledger, &l->item);
		o = outcome_of(OUTCOME_DEFERRED, "held");
		finish(d, l, &o);
		return 0;
	}
	if (state == LEDGER_STOPPED)
		o.class = "cancelled";
	else if (!out && m->expires != 0 && m->expires <= now_ms())
		o.class = "expired";
	else if (!out)
		return 1;
	settle(d, l, &o);
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
	struct outcome sent = outcome_of(OUTCOME_SENT, "ok");
	struct outcome doubt = outcome_of(OUTCOME_IN_DOUBT, "no_reply");
	int found =
	    d->p->transport->ops->delivered(d->p->transport, &l->envelope, f);

	if (found == 1) {
		sent.stage = "maildir";
		settle(d, l, &sent);
	} else if (found == 2) {
		ledger_release(d->p->ledger, &l->item);
		l->item.attempt--;
		finish(d, l, &doubt);
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
		l->offered_at = clock_ms(CLOCK_MONOTONIC);
		letter_push(&d->flying, l);
		d->p->transport->ops->offer(d->p->transport, &l->envelope);
	}
	if (rc < 0)
		letter_free(&d->pool, l);
	return rc < 0 ? -1 : 0;
}

/* 1: the rate lets one more go now; 0: not before d->next_grant. */
static int
rate_allows(struct delivery *d, struct fail *f)
{
	int64_t now = now_ms();

	if (d->p->allowance == NULL)
		return 1;
	d->next_grant = allowance_next(d->p->allowance, now, f);
	if (d->next_grant < 0)
		return -1;
	return d->next_grant <= now;
}

static int
offer_all(struct delivery *d, struct fail *f)
{
	struct transport *t = d->p->transport;
	int rc;

	d->next_grant = 0;
	while (!d->ending.now && d->claimed.count > 0 && t->ops->room(t) > 0) {
		rc = rate_allows(d, f);
		if (rc <= 0)
			return rc;
		if (d->p->allowance != NULL)
			allowance_use(d->p->allowance);
		if (offer_one(d, letter_pop(&d->claimed), f) < 0)
			return -1;
	}
	d->next_grant = 0;
	return 0;
}

/* How long a turn may wait for something to happen. */
static int
patience(const struct delivery *d)
{
	int64_t wait;

	if (d->done.count > 0 ||
	    (!d->input_ended && !d->ending.now && d->claimed.count == 0 &&
		filter_ready(d->p->filter)))
		return 0;
	if (d->next_grant == 0)
		return TURN_MS;
	wait = d->next_grant - now_ms();
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
	if (ev->status == 255 && d->p->on_stop != NULL &&
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
handle(struct delivery *d, const struct transport_event *ev)
{
	struct letter *l;

	if (ev->type == TRANSPORT_STOP) {
		stop(d, ev);
		return;
	}
	l = ev->envelope->owner;
	if (ev->type == TRANSPORT_READY) {
		ledger_intend(d->p->ledger, &l->item, now_ms());
		l->ready = true;
		return;
	}
	letter_remove(&d->flying, l);
	if (ev->charged) {
		settle(d, l, &ev->outcome);
		return;
	}
	ledger_release(d->p->ledger, &l->item);
	l->item.attempt--;
	finish(d, l, &ev->outcome);
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
		t->ops->release(t, &l->envelope);
	}
}

static void
read_signals(struct delivery *d)
{
	struct signalfd_siginfo info;

	while (d->p->signals >= 0 &&
	       read(d->p->signals, &info, sizeof(info)) == sizeof(info)) {
		d->ending.abort = d->ending.now;
		if (!d->ending.now)
			d->ending = (struct ending){
			    .now = true, .class = "stopped", .stage = "none"};
	}
	if (!d->ending.now && d->p->deadline != 0 && now_ms() >= d->p->deadline)
		d->ending = (struct ending){
		    .now = true, .class = "stopped", .stage = "none"};
}

static int
turn(struct delivery *d, struct fail *f)
{
	struct transport *t = d->p->transport;
	struct transport_event ev;

	if (t->ops->turn(t, patience(d), f) < 0)
		return -1;
	if (d->broken) {
		*f = d->why;
		return -1;
	}
	while (t->ops->event(t, &ev))
		handle(d, &ev);
	if (ledger_sync(d->p->ledger, now_ms(), f) < 0)
		return -1;
	release_ready(d);
	tell_all(d);
	return 0;
}

static int
loop(struct delivery *d, struct fail *f)
{
	for (;;) {
		read_signals(d);
		if (d->ending.abort)
			return fail_temp(f, "stopped at once by a signal");
		if (refill(d, f) < 0)
			return -1;
		if (d->ending.now)
			give_back(d);
		else if (offer_all(d, f) < 0)
			return -1;
		if (turn(d, f) < 0)
			return -1;
		if (in_hand(d) == 0 && (d->input_ended || d->ending.now))
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
	p->transport->ops->free(p->transport, rc < 0);
	if (rc == 0 && d.ending.now)
		filter_raise(p->filter, 75);
	letter_free_all(&d.pool);
	buf_free(&d.line);
	arena_free(d.arena);
	return rc;
}
