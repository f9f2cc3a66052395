#include "base/speed.h"

#include <string.h>

#include "unit.h"

static void
test_rates(void)
{
	struct speed s = {0};
	struct buf b = {0};

	ok(speed_rate(&s) == 0 && speed_mean(&s) == 0 && speed_done(&s) == 0,
	    "before the first look nothing is known");
	speed_add(&s, 1000, 0);
	ok(speed_rate(&s) == 0, "one look is no rate");
	speed_add(&s, 1000, 5);
	ok(speed_rate(&s) == 0, "no time has passed");
	speed_add(&s, 3000, 20);
	ok(speed_rate(&s) == 10 && speed_mean(&s) == 10, "20 in 2 s");
	/* Twelve looks a second apart, of 100 each: the first are forgotten. */
	for (int i = 1; i <= 12; i++)
		speed_add(&s, 3000 + i * 1000, 20 + i * 100);
	ok(speed_rate(&s) == 100, "lately: 100/s, not %f", speed_rate(&s));
	ok(speed_mean(&s) == 1220.0 / 14, "mean: %f", speed_mean(&s));
	ok(speed_done(&s) == 1220, "done: %lld", speed_done(&s));
	speed_put_rates(&b, &s);
	ok(strcmp(buf_cstr(&b), "100/s, mean 87/s") == 0, "%s", buf_cstr(&b));
	buf_free(&b);
}

static void
test_times(void)
{
	static const struct {
		double seconds;
		const char *want;
	} cases[] = {{0, "0:00"}, {9.9, "0:09"}, {60, "1:00"}, {3599, "59:59"},
	    {3600, "1:00:00"}, {90061, "25:01:01"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = {0};

		speed_put_time(&b, cases[i].seconds);
		ok(strcmp(buf_cstr(&b), cases[i].want) == 0, "%s is %s",
		    buf_cstr(&b), cases[i].want);
		buf_free(&b);
	}
}

static void
test_bars(void)
{
	static const struct {
		long long done, total;
		size_t width, words;
		const char *want;
	} cases[] = {
	    {0, 4, 80, 65, "[            ] "},
	    {2, 4, 80, 65, "[######      ] "},
	    {4, 4, 80, 65, "[############] "},
	    {4, 4, 80, 200, "[##########] "},
	    {1, 4, 20, 200, "[#   ] "},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = {0};
		size_t n = speed_put_bar(&b, cases[i].done, cases[i].total,
		    cases[i].width, cases[i].words, true);

		ok(strcmp(buf_cstr(&b), cases[i].want) == 0 && n == b.len,
		    "'%s' is '%s'", buf_cstr(&b), cases[i].want);
		buf_free(&b);
	}
}

int
main(void)
{
	test_rates();
	test_times();
	test_bars();
	return unit_end();
}
