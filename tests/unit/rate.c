/*
 * Rates: the parser, and the limit itself, measured on the grants for random
 * demand.
 */
#include <stdlib.h>

#include "base/str.h"
#include "mail/smtp/rate_plan.h"
#include "unit.h"

static void
test_parse(void)
{
	const struct {
		const char *text;
		long long n;
		int64_t span;
	} cases[] = {
	    {"14/s", 14, 1000},
	    {"1500/10s", 1500, 10000},
	    {"20/min", 20, 60000},
	    {"20/m", 20, 60000},
	    {"100/h", 100, 3600000},
	    {"50000/d", 50000, 86400000},
	    {"5/250ms", 5, 250},
	    {"3/w", 3, 604800000},
	    {"9/mo", 9, 2629800000},
	    {"1/0001s", 1, 1000},
	};
	const char *bad[] = {"", "14", "/s", "0/s", "-1/s", "14/", "14/x",
	    "1.5/s", "14/s ", "14//s", "9999999999/s", "5/0s", "5/1ms", "5/0",
	    "5/10", "5/secondss", "5/M"};
	struct rate r;
	struct fail f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(rate_parse(&r, str_of(cases[i].text), &f) == 0 &&
			r.n == cases[i].n && r.span == cases[i].span,
		    "%s", cases[i].text);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(rate_parse(&r, str_of(bad[i]), &f) == -1, "not \"%s\"",
		    bad[i]);
}

#define MAX 20000

/* The most grants in any interval of span ms; times are ascending. */
static size_t
most_grants(const int64_t *times, size_t n, int64_t span)
{
	size_t most = 0, from = 0;

	for (size_t i = 0; i < n; i++) {
		while (times[i] - times[from] >= span)
			from++;
		if (i - from + 1 > most)
			most = i - from + 1;
	}
	return most;
}

/* Ask for grants like a process with work, with pauses up to idle ms. */
static size_t
collect_grants(struct rate_plan *p, int64_t until, int idle, int64_t *times)
{
	int64_t now = 1700000000000;
	size_t n = 0;

	until += now;
	while (now < until && n + 64 < MAX) {
		size_t got = rate_plan_grant(
		    p, now, 1000, times + n, (size_t)(1 + rand() % 32));

		n += got;
		now = got > 0 ? times[n - 1] : now + 1 + rand() % 7;
		if (idle > 0 && rand() % 50 == 0)
			now += rand() % idle;
	}
	return n;
}

static void
test_limit(void)
{
	static int64_t times[MAX];
	const struct {
		struct rate pace, more;
		int idle;
		double used; /* share of the tighter rate that is granted at
				least */
	} cases[] = {
	    {{200, 1000}, {1500, 10000}, 0, 0.85},
	    {{200, 1000}, {1500, 10000}, 3000, 0},
	    {{14, 1000}, {600, 60000}, 0, 0.85},
	    {{7, 1000}, {50000, 86400000}, 0, 0.85},
	    {{1000, 1000}, {3000, 10000}, 500, 0},
	    {{3, 1000}, {5, 10000}, 0, 0.6},
	};

	srand(7);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rate_window w = {.rate = cases[i].more};
		struct rate_plan p = {.windows = &w,
		    .window_count = 1,
		    .pace = cases[i].pace,
		    .factor = 1};
		size_t n = collect_grants(&p, 60000, cases[i].idle, times);
		double a = (double)p.pace.n / (double)p.pace.span;
		double b = (double)w.rate.n / (double)w.rate.span;
		double most = 60000 * (a < b || w.rate.span > 60000 ? a : b);

		ok(most_grants(times, n, p.pace.span) <= (size_t)p.pace.n &&
			most_grants(times, n, w.rate.span) <= (size_t)w.rate.n,
		    "case %zu: no interval holds more", i);
		ok((double)n >= most * cases[i].used,
		    "case %zu: %zu of at most %.0f used", i, n, most);
	}
}

static void
test_factor(void)
{
	static int64_t times[MAX];
	struct rate_plan p = {.pace = {100, 1000}, .factor = 0.5};
	size_t n = collect_grants(&p, 10000, 0, times);

	ok(most_grants(times, n, 1000) <= 50 && n > 480, "half the rate: %zu",
	    n);
}

/* Grants of a slice, stored by whatever clock, as a window counts them. */
static void
test_window(void)
{
	const int64_t hour = 3600000, now = 1700000000000;
	const struct {
		const char *name;
		int64_t at; /* ms from now */
		int index;  /* of used; -1: not counted */
	} cases[] = {
	    {"the oldest slice", -hour, 0},
	    {"now", 0, RATE_SLICES},
	    {"a moment ahead", 1000, RATE_SLICES},
	    {"a slice ahead", hour / RATE_SLICES, RATE_SLICES},
	    {"two hours ahead", 2 * hour, RATE_SLICES},
	    {"years ahead", 20000 * hour, RATE_SLICES},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rate_window w = {.rate = {20, hour}};
		long long sum = 0;

		rate_window_init(&w, now);
		rate_window_add(&w, rate_slice(&w.rate, now + cases[i].at), 7,
		    rate_slice(&w.rate, now + 1000));
		for (size_t k = 0; k < 2 * RATE_SLICES; k++)
			sum += w.used[k];
		ok(sum == 7 && w.used[cases[i].index] == 7, "window: %s",
		    cases[i].name);
	}
}

/* A next grant that is stored, by a clock that was ahead or not. */
static void
test_next(void)
{
	const int64_t now = 1700000000000, step = 180000000; /* us; 20/h */
	const struct {
		const char *name;
		int64_t stored, want; /* us from now */
	} cases[] = {
	    {"past", -5000000, -5000000},
	    {"soon", 90000000, 90000000},
	    {"a step ahead", step, step},
	    {"a step behind a grant in hand", step + 1000000, step + 1000000},
	    {"four minutes ahead", 240000000, step},
	    {"two hours ahead", 7200000000, step},
	    {"years ahead", 70000000000000, step},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rate_plan p = {.pace = {20, 3600000}, .factor = 1};
		int64_t left;

		p.next = now * 1000 + cases[i].stored;
		rate_plan_check(&p, now, 1000);
		left = p.next - now * 1000 - cases[i].want;
		ok(left >= 0 && left <= 1, "next: %s", cases[i].name);
	}
}

int
main(void)
{
	test_parse();
	test_limit();
	test_factor();
	test_window();
	test_next();
	return unit_end();
}
