#include "mail/report/time_series.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Seconds; each width is a multiple of the one before. */
static const int64_t widths[] = {1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200,
    21600, 43200, 86400, 604800, 604800 * 4, 604800 * 52};

struct time_series {
	size_t width;  /* index into widths */
	int64_t first; /* interval number of items[0] */
	size_t count;
	struct report_group items[TIME_SERIES_MAX];
};

struct time_series *
time_series_new(void)
{
	return mem_new(sizeof(struct time_series));
}

void
time_series_free(struct time_series *s)
{
	free(s);
}

static int64_t
get_width_ms(const struct time_series *s)
{
	return widths[s->width] * 1000;
}

static void
add_group(struct report_group *to, const struct report_group *from)
{
	for (int i = 0; i < REPORT_STATES; i++)
		report_group_add(to, (enum report_state)i, from->by[i]);
}

/* Merge into intervals of the next width, in place: the order stays. */
static void
widen_intervals(struct time_series *s)
{
	int64_t factor = widths[s->width + 1] / widths[s->width];
	int64_t first = s->first / factor;
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct report_group item = s->items[i];
		size_t to = (size_t)((s->first + (int64_t)i) / factor - first);

		if (to >= count) {
			s->items[to] = (struct report_group){0};
			count = to + 1;
		}
		add_group(&s->items[to], &item);
	}
	memset(
	    s->items + count, 0, (TIME_SERIES_MAX - count) * sizeof(*s->items));
	s->width++;
	s->first = first;
	s->count = count;
}

static int64_t
min_interval(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
max_interval(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Put empty intervals before the first one. */
static void
prepend_intervals(struct time_series *s, int64_t first)
{
	size_t shift = (size_t)(s->first - first);

	memmove(s->items + shift, s->items, s->count * sizeof(*s->items));
	memset(s->items, 0, shift * sizeof(*s->items));
	s->first = first;
	s->count += shift;
}

/* At the greatest width, times that do not fit count in the outer intervals. */
static bool
can_widen(const struct time_series *s)
{
	return s->width + 1 < sizeof(widths) / sizeof(widths[0]);
}

void
time_series_add(struct time_series *s, int64_t at, enum report_state state)
{
	int64_t n = at / get_width_ms(s), first, last;

	if (s->count == 0)
		s->first = n;
	for (;;) {
		first = min_interval(s->first, n);
		last = max_interval(s->first + (int64_t)s->count - 1, n);
		if (last - first < TIME_SERIES_MAX || !can_widen(s))
			break;
		widen_intervals(s);
		n = at / get_width_ms(s);
	}
	if (last - first >= TIME_SERIES_MAX) {
		n = min_interval(
		    max_interval(n, s->first), s->first + TIME_SERIES_MAX - 1);
		first = s->first;
	}
	if (first < s->first)
		prepend_intervals(s, first);
	n -= s->first;
	if ((size_t)n >= s->count)
		s->count = (size_t)n + 1;
	report_group_add(&s->items[n], state, 1);
}

int64_t
time_series_step(int64_t span, size_t parts)
{
	size_t i = 0;

	while (i + 1 < sizeof(widths) / sizeof(widths[0]) &&
	       span > widths[i] * 1000 * (int64_t)parts)
		i++;
	return widths[i] * 1000;
}

void
time_series_finish(
    const struct time_series *s, struct report_series *out, struct arena *arena)
{
	size_t size = s->count * sizeof(*out->items);

	out->start = s->first * get_width_ms(s);
	out->width = get_width_ms(s);
	out->count = s->count;
	out->items = arena_alloc(arena, size);
	memcpy(out->items, s->items, size);
}
