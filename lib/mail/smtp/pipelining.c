#include "mail/smtp/pipelining.h"

#define PATIENCE_MS 2000
#define ROUND_TRIPS 4

struct pipelining
pipelining_of(enum pipelining_use remembered)
{
	return (struct pipelining){.use = remembered,
	    .proved = remembered == PIPELINING_FULL ? PIPELINING_NO_GROUP
						    : PIPELINING_BEHIND};
}

int64_t
pipelining_patience(int64_t slowest)
{
	int64_t ms = slowest * ROUND_TRIPS;

	return ms > PATIENCE_MS ? ms : PATIENCE_MS;
}

void
pipelining_answered(struct pipelining *p, enum pipelining_group group)
{
	if (group <= p->proved)
		return;
	p->proved = group;
	/* Another connection's probe met a slow reply and no deaf relay. */
	if (group != PIPELINING_BEHIND || p->use == PIPELINING_FULL)
		return;
	p->use = PIPELINING_FULL;
	p->suspected = false;
}

void
pipelining_failed(struct pipelining *p, enum pipelining_group group)
{
	enum pipelining_use use =
	    group == PIPELINING_BEHIND ? PIPELINING_ENVELOPE : PIPELINING_NONE;

	if (group <= p->proved || use <= p->use)
		return;
	p->use = use;
	p->suspected = true;
}

/*
 * A relay that is late step by step, too, is only slow. The run goes on with
 * what is safe, and the next run tries again.
 */
void
pipelining_compared(struct pipelining *p, bool in_time)
{
	if (!p->suspected)
		return;
	p->suspected = false;
	p->proved = PIPELINING_BEHIND;
	p->confirmed = in_time;
}
