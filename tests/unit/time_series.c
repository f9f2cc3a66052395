#include "mail/report/time_series.h"

#include "base/arena.h"
#include "unit.h"

struct moment {
	int64_t second;
	enum report_state state;
};

static struct report_series
make_series(const struct moment *moments, size_t n, struct arena *a)
{
	struct time_series *s = time_series_new();
	struct report_series out;

	for (size_t i = 0; i < n; i++)
		time_series_add(
		    s, moments[i].second * 1000 + 999, moments[i].state);
	time_series_finish(s, &out, a);
	time_series_free(s);
	return out;
}

static long long
sum_items(const struct report_series *s)
{
	long long total = 0;

	for (size_t i = 0; i < s->count; i++)
		total += s->items[i].total;
	return total;
}

static void
test_small(struct arena *a)
{
	static const struct moment moments[] = {{1000, REPORT_SENT},
	    {1002, REPORT_FAILED}, {998, REPORT_SENT}, {1000, REPORT_SENT}};
	struct report_series s = make_series(moments, 0, a);

	ok(s.count == 0, "nothing");
	s = make_series(moments, 4, a);
	ok(s.width == 1000 && s.start == 998000 && s.count == 5,
	    "seconds, from the first to the last");
	ok(s.items[0].by[REPORT_SENT] == 1 && s.items[1].total == 0 &&
		s.items[2].by[REPORT_SENT] == 2 &&
		s.items[4].by[REPORT_FAILED] == 1,
	    "each in its interval");
}

/* The width is the least usual one that needs at most 120 intervals. */
static void
test_widths(struct arena *a)
{
	static const struct {
		int64_t from, to, width;
	} cases[] = {
	    {1000, 1119, 1},
	    {1000, 1120, 5},
	    {1000, 1599, 5},
	    {1000, 1600, 10},
	    {0, 3599, 30},
	    {0, 3600, 60},
	    {1795492800, 1795492800 + 86399, 1800},
	    {1792800000, 1792800000 + 86400 * 30 - 1, 21600},
	    {0, 1795492800, 604800 * 52},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct moment ends[] = {{cases[i].from, REPORT_SENT},
		    {cases[i].to, REPORT_SENT}, {cases[i].from, REPORT_SENT}};
		struct report_series s = make_series(ends, 3, a);
		size_t last = s.count - 1;

		ok(s.width == cases[i].width * 1000,
		    "%lld to %lld: intervals of %lld s",
		    (long long)cases[i].from, (long long)cases[i].to,
		    (long long)s.width / 1000);
		ok(s.start % s.width == 0 && s.items[0].total == 2 &&
			s.items[last].total == 1 && sum_items(&s) == 3,
		    "both ends are in it");
	}
}

/* The series does not depend on the order of the outcomes. */
static void
test_order(struct arena *a)
{
	struct moment up[2000], down[2000];
	struct report_series s, t;
	bool same_items = true;

	for (int i = 0; i < 2000; i++) {
		up[i].second = 5000 + i * 7 % 1999;
		up[i].state = (enum report_state)(i % REPORT_STATES);
		down[1999 - i] = up[i];
	}
	s = make_series(up, 2000, a);
	t = make_series(down, 2000, a);
	ok(s.start == t.start && s.width == t.width && s.count == t.count &&
		sum_items(&s) == 2000,
	    "frame and sum do not depend on the order");
	for (size_t i = 0; i < s.count; i++) {
		for (int k = 0; k < REPORT_STATES; k++)
			same_items &= s.items[i].by[k] == t.items[i].by[k];
	}
	ok(same_items, "nor do the counts");
}

static void
test_step(void)
{
	ok(time_series_step(8000, 8) == 1000 &&
		time_series_step(8001, 8) == 5000 &&
		time_series_step(3600000, 8) == 600000 &&
		time_series_step(86400000, 8) == 21600000,
	    "widths for parts");
}

int
main(void)
{
	struct arena *a = arena_new();

	test_small(a);
	test_step();
	test_widths(a);
	test_order(a);
	arena_free(a);
	return unit_end();
}
