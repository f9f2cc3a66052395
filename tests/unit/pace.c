#include "mail/smtp/pace.h"

#include "unit.h"

static void
test_complaints(void)
{
	static const int64_t quiet[] = {1000, 2000, 4000, 8000, 16000};
	struct pace p = pace_of(16, 5, 1000);
	size_t i;

	for (i = 0; i < sizeof(quiet) / sizeof(*quiet); i++)
		ok(pace_complaint(&p, 100) && p.quiet == 100 + quiet[i],
		    "complaint %zu: %lld ms of quiet", i + 1,
		    (long long)quiet[i]);
	ok(p.limit == 1, "connections are halved down to one");
	ok(!pace_complaint(&p, 100), "one more than the retries: give up");
	for (i = 0; i < 99; i++)
		pace_success(&p);
	ok(p.complaints == 0 && p.limit == 1, "99 messages earn nothing");
	pace_success(&p);
	ok(p.limit == 2, "100 earn a connection");
	for (i = 0; i < 100 * 100; i++)
		pace_success(&p);
	ok(p.limit == 16, "up to what was asked for");
}

static void
test_failures(void)
{
	struct pace p = pace_of(4, 2, 1000);
	int i;

	ok(pace_failure(&p, 0, true, 0) && p.quiet == 0,
	    "the first loss: again at once");
	ok(pace_failure(&p, 0, true, 0) && p.quiet == 1000,
	    "the second: after a second");
	ok(!pace_failure(&p, 0, true, 0), "the third is one too many");
	p = pace_of(4, 2, 1000);
	ok(pace_failure(&p, 0, false, 0) && p.quiet == 1000,
	    "nobody listens: after a second");
	for (i = 0; i < 10; i++) {
		pace_success(&p);
		pace_failure(&p, 0, false, 0);
	}
	ok(p.failures == 1, "success in between: counted anew");
	p = pace_of(4, 0, 1000);
	ok(pace_failure(&p, 3, false, 0) && p.limit == 3,
	    "three are up and the fourth is not let in: three will do");
	p = pace_of(4, 100, 1000);
	for (i = 0; i < 50; i++)
		pace_failure(&p, 0, false, 0);
	ok(p.quiet == 60000, "a minute at most");
}

static void
test_more(void)
{
	static const struct {
		int most, have, opening, want;
	} cases[] = {
	    {1, 0, 0, 1},
	    {1, 1, 0, 0},
	    {1, 1, 1, 0},
	    {8, 0, 0, 1},
	    {8, 1, 1, 0},
	    {8, 1, 0, 1},
	    {8, 2, 0, 2},
	    {8, 4, 2, 0},
	    {8, 4, 0, 4},
	    {8, 6, 0, 2},
	    {8, 8, 4, 0},
	};
	struct pace p;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		p = pace_of(cases[i].most, 5, 1000);
		ok(pace_more(&p, cases[i].have, cases[i].opening, 0) ==
			cases[i].want,
		    "of %d: %d there, %d opening", cases[i].most, cases[i].have,
		    cases[i].opening);
	}
	p = pace_of(8, 5, 1000);
	p.quiet = 10;
	ok(pace_more(&p, 0, 0, 9) == 0 && pace_more(&p, 0, 0, 10) == 1,
	    "none while it is quiet");
}

int
main(void)
{
	test_complaints();
	test_failures();
	test_more();
	return unit_end();
}
