#include "mail/smtp/rate_window.h"

#include <string.h>

void
rate_window_init(struct rate_window *w, int64_t now)
{
	memset(w->used, 0, sizeof(w->used));
	w->first = rate_slice(&w->rate, now) - RATE_SLICES;
}

void
rate_window_add(
    struct rate_window *w, int64_t slice, long long grants, int64_t latest)
{
	const int64_t n = sizeof(w->used) / sizeof(*w->used);
	int64_t i = slice > latest ? RATE_SLICES : slice - w->first;

	if (i < n)
		w->used[i] += grants;
}

/* Drop the slices before from. */
static void
move_window(struct rate_window *w, int64_t from)
{
	const size_t n = sizeof(w->used) / sizeof(*w->used);
	size_t by;

	if (from <= w->first)
		return;
	by = from - w->first < (int64_t)n ? (size_t)(from - w->first) : n;
	memmove(w->used, w->used + by, (n - by) * sizeof(*w->used));
	memset(w->used + (n - by), 0, by * sizeof(*w->used));
	w->first = from;
}

bool
rate_window_has_room(struct rate_window *w, int64_t ms, int64_t *retry)
{
	int64_t length = w->rate.span / RATE_SLICES;
	int64_t slice = rate_slice(&w->rate, ms);
	int64_t oldest = slice - RATE_SLICES, i;
	long long sum = 0;

	move_window(w, oldest);
	for (i = oldest; i <= slice; i++) {
		if (i >= w->first)
			sum += w->used[i - w->first];
	}
	if (sum < w->rate.n)
		return true;
	for (i = oldest; i < slice; i++) {
		if (i >= w->first && w->used[i - w->first] > 0)
			break;
	}
	*retry = (i + RATE_SLICES + 1) * length;
	return false;
}

void
rate_window_count(struct rate_window *w, int64_t ms)
{
	w->used[rate_slice(&w->rate, ms) - w->first]++;
}
