#include "port/send/delivery_outcome.h"

#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "port/send/delivery_bounces.h"

void
delivery_outcome_fill(
    struct delivery_state *d, struct letter *l, const struct outcome *o)
{
	l->outcome = *o;
	letter_identify(l);
	l->outcome.attempt = l->item.attempt;
	if (l->offered_at != 0 && l->outcome.ms == 0)
		l->outcome.ms = clock_mono_ms() - l->offered_at;
	l->outcome.at = clock_wall_ms();
	/* At once: the wall clock may be set while the outcome is written. */
	l->due = clock_mono_ms() + (l->outcome.next_try - l->outcome.at);
	letter_keep(l);
	d->chunk_settled++;
}

void
delivery_outcome_set(
    struct delivery_state *d, struct letter *l, const struct outcome *o)
{
	delivery_outcome_fill(d, l, o);
	letter_queue_push(&d->done, l);
}

void
delivery_outcome_settle(
    struct delivery_state *d, struct letter *l, const struct outcome *o)
{
	delivery_outcome_set(d, l, o);
	ledger_settle(d->p->ledger, &l->item, &l->outcome, l->outcome.at);
}

struct outcome
delivery_outcome_make(enum outcome_status status, const char *class)
{
	return (struct outcome){
	    .status = status, .class = class, .stage = "none"};
}

struct outcome
delivery_outcome_ending(const struct delivery_state *d)
{
	struct outcome o =
	    delivery_outcome_make(OUTCOME_DEFERRED, d->ending.class);

	o.stage = d->ending.stage;
	o.code = d->ending.code;
	o.enhanced = d->ending.enhanced;
	o.reply = d->ending.reply;
	o.relay = d->ending.relay;
	return o;
}

/* The outcome is not final: the next run has to read the batch file. */
static bool
is_open(const struct outcome *o)
{
	return o->status == OUTCOME_DEFERRED || o->status == OUTCOME_IN_DOUBT;
}

static void
note_outcome(struct delivery_state *d, const struct letter *l)
{
	delivery_bounces_note(d, l);
	if (is_open(&l->outcome))
		batch_files_keep(d->p->batches, l->file);
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
		/* A recipient that failed before still has no message. */
		if (str_is(l->outcome.was, outcome_status_name(OUTCOME_FAILED)))
			filter_raise(d->p->filter, 1);
		break;
	}
}

/* A reader that closed the pipe stops the run as a signal does. */
static void
write_out(struct delivery_state *d, struct str lines)
{
	if (lines.n > 0 && filter_write_now(d->p->filter, lines) < 0)
		delivery_state_stop(d);
}

/*
 * Write whole lines, at most PIPE_BUF bytes at once: such a write(2) is atomic,
 * so lines of several senders do not mix.
 */
static void
add_line(struct delivery_state *d, const struct letter *l)
{
	size_t before = d->line.len;

	outcome_put(&d->line, &l->outcome);
	if (before == 0 || d->line.len <= PIPE_BUF)
		return;
	write_out(d, (struct str){d->line.p, before});
	d->line.len -= before;
	memmove(d->line.p, d->line.p + before, d->line.len);
}

/* With --wait a deferred letter stays, as long as there is memory for it. */
static bool
has_to_wait(const struct delivery_state *d, const struct letter *l)
{
	const struct outcome *o = &l->outcome;

	return d->p->wait && !d->ending.stop && o->status == OUTCOME_DEFERRED &&
	       o->next_try != 0 && strcmp(o->class, "breaker") != 0 &&
	       d->waiting.bytes < DELIVERY_STATE_BYTES;
}

static void
keep_waiting(struct delivery_state *d, struct letter *l)
{
	if (d->waiting.count == 0 || l->due < d->next_due)
		d->next_due = l->due;
	letter_queue_push(&d->waiting, l);
}

void
delivery_outcome_write(struct delivery_state *d)
{
	struct letter *l;

	buf_reset(&d->line);
	while ((l = letter_queue_pop(&d->done)) != NULL) {
		if (has_to_wait(d, l)) {
			keep_waiting(d, l);
			continue;
		}
		note_outcome(d, l);
		add_line(d, l);
		letter_pool_put(&d->pool, l);
	}
	write_out(d, buf_str(&d->line));
}
