#include "port/send/delivery_state.h"

size_t
delivery_state_in_hand(const struct delivery_state *d)
{
	return d->read.count + d->claimed.count + d->paced.count +
	       d->again.count + d->flying.count + d->done.count;
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
