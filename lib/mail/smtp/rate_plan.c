#include "mail/smtp/rate_plan.h"

static bool
has_room_in_all(struct rate_plan *p, int64_t ms)
{
	for (size_t i = 0; i < p->window_count; i++) {
		if (!rate_window_has_room(&p->windows[i], ms, &p->retry))
			return false;
	}
	return true;
}

static void
count_in_all(struct rate_plan *p, int64_t ms)
{
	for (size_t i = 0; i < p->window_count; i++)
		rate_window_count(&p->windows[i], ms);
}

/* Microseconds between two grants. */
static int64_t
step_us(const struct rate_plan *p)
{
	return (int64_t)((double)p->pace.span * 1000.0 /
			 ((double)p->pace.n * p->factor)) +
	       1;
}

void
rate_plan_check(struct rate_plan *p, int64_t now, int64_t horizon)
{
	int64_t step = step_us(p);

	if (p->next > (now + horizon) * 1000 + step)
		p->next = now * 1000 + step;
}

size_t
rate_plan_grant(struct rate_plan *p, int64_t now, int64_t horizon,
    int64_t *times, size_t max)
{
	int64_t step = step_us(p);
	size_t count = 0;

	while (count < max) {
		int64_t at = p->next > now * 1000 ? p->next : now * 1000;
		int64_t ms = (at + 999) / 1000;

		p->retry = ms;
		if (ms > now + horizon || !has_room_in_all(p, ms))
			break;
		count_in_all(p, ms);
		times[count++] = ms;
		p->next = at + step;
	}
	return count;
}
