#include "port/send/delivery_state.h"

size_t
delivery_state_in_hand(const struct delivery_state *d)
{
	return d->read.count + d->claimed.count + d->paced.count +
	       d->again.count + d->flying.count + d->done.count;
}

bool
delivery_state_is_idle(const struct delivery_state *d)
{
	return (d->ending.stop || d->input_ended) && d->read.count == 0 &&
	       d->claimed.count + d->paced.count + d->flying.count == 0;
}

static struct str
keep_bytes(struct delivery_state *d, struct str s)
{
	return s.n > 0 ? arena_str(d->arena, s) : s;
}

void
delivery_state_end(struct delivery_state *d, const struct outcome *o)
{
	if (d->ending.stop)
		return;
	d->ending = (struct delivery_state_ending){.stop = true,
	    .class = o->class,
	    .stage = o->stage,
	    .code = o->code,
	    .enhanced = keep_bytes(d, o->enhanced),
	    .reply = keep_bytes(d, o->reply),
	    .relay = keep_bytes(d, o->relay)};
}

void
delivery_state_break(struct delivery_state *d, const struct fail *why)
{
	if (!d->broken)
		d->why = *why;
	d->broken = true;
}

void
delivery_state_stop(struct delivery_state *d)
{
	if (!d->ending.stop)
		d->ending = (struct delivery_state_ending){
		    .stop = true, .class = "stopped", .stage = "none"};
}
