#include "mail/smtp/rate.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/num.h"

#define N_MAX 1000000000

/* A unit without a number means one of it: "s", "min", "d". */
static int
parse_span(struct str s, int64_t *span, struct fail *f)
{
	char one[8];

	if (s.n > 0 && s.n < sizeof(one) - 1 && !ascii_is_digit(*s.p)) {
		snprintf(one, sizeof(one), "1%.*s", (int)s.n, s.p);
		s = str_of(one);
	}
	return num_duration(s, "s", span, f);
}

int
rate_parse(struct rate *r, struct str s, struct fail *f)
{
	const char *slash = s.n > 0 ? memchr(s.p, '/', s.n) : NULL;
	struct str n, span;

	if (slash == NULL)
		return fail_system(f,
		    "a rate is a number, / and a time, as in 14/s or "
		    "1500/10s, not \"%.*s\"",
		    (int)s.n, s.p);
	n = (struct str){s.p, (size_t)(slash - s.p)};
	span = (struct str){slash + 1, s.n - n.n - 1};
	if (num_parse(n, 1, N_MAX, &r->n, f) < 0 ||
	    parse_span(span, &r->span, f) < 0 || r->span < RATE_SLICES)
		return fail_system(
		    f, "\"%.*s\" is no rate: %s", (int)s.n, s.p, f->text);
	return 0;
}

int64_t
rate_slice(const struct rate *r, int64_t ms)
{
	return ms / (r->span / RATE_SLICES);
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

/*
 * True if one more grant fits in this slice. Else *retry is the time (ms) when
 * the oldest slice with grants leaves the window.
 */
static bool
has_room(const struct rate_window *w, int64_t slice, int64_t *retry)
{
	int64_t length = w->rate.span / RATE_SLICES;
	int64_t oldest = slice - RATE_SLICES, i;
	long long sum = 0;

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

static bool
has_room_in_all(struct rate_plan *p, int64_t ms)
{
	for (size_t i = 0; i < p->window_count; i++) {
		struct rate_window *w = &p->windows[i];
		int64_t slice = rate_slice(&w->rate, ms);

		move_window(w, slice - RATE_SLICES);
		if (!has_room(w, slice, &p->retry))
			return false;
	}
	return true;
}

static void
count_in_all(struct rate_plan *p, int64_t ms)
{
	for (size_t i = 0; i < p->window_count; i++) {
		struct rate_window *w = &p->windows[i];

		w->used[rate_slice(&w->rate, ms) - w->first]++;
	}
}

size_t
rate_grant(struct rate_plan *p, int64_t now, int64_t horizon, int64_t *times,
    size_t max)
{
	int64_t step = (int64_t)((double)p->pace.span * 1000.0 /
				 ((double)p->pace.n * p->factor)) +
		       1;
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
