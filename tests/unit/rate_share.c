/*
 * Rates that processes share in every store, under clocks that are set: the
 * time of day is an argument, and so is the time since boot.
 */
#include "port/relay/rate_share.h"

#include "memory/conform.h"

#define WALL INT64_C(1700000000000)
#define HOUR INT64_C(3600000)

static struct fail f;

/* A share of its own account, so that no case sees another's grants. */
static struct rate_share *
open_share(
    struct store *s, const char *account, const char *const *rates, size_t n)
{
	struct rate list[4];

	for (size_t i = 0; i < n; i++)
		rate_parse(&list[i], str_of(rates[i]), &f);
	return rate_share_new(s->rates, "relay:25", account, list, n);
}

/* How many grants it uses in so many ms of both clocks, up to most. */
static int
take_grants(
    struct rate_share *s, int64_t mono, int64_t wall, int64_t ms, int most)
{
	int64_t end = mono + ms;
	int n = 0;

	while (n < most && mono < end) {
		int64_t next = rate_share_next(s, mono, wall, 10, &f);

		if (next < 0)
			return -1;
		if (next <= mono) {
			rate_share_use(s);
			n++;
			continue;
		}
		next = next < end ? next : end;
		wall += next - mono;
		mono = next;
	}
	return n;
}

static bool
is_about(int n, int least, int most)
{
	return n >= least && n <= most;
}

/* The grants in hand go on at their pace, whatever becomes of the wall. */
static void
check_in_hand(struct conform *t)
{
	const char *rates[] = {"100/s"};
	const struct {
		const char *name;
		int64_t jump;
	} cases[] = {{"as it is", 0}, {"20 s back", -20000},
	    {"an hour back", -HOUR}, {"two days back", -48 * HOUR},
	    {"an hour on", HOUR}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rate_share *s =
		    open_share(t->a, cases[i].name, rates, 1);
		int before = take_grants(s, 5000, WALL, 1000, 1000);
		int behind;

		rate_share_next(s, 6000, WALL + 1000, 10, &f);
		behind = take_grants(
		    s, 6000, WALL + 1000 + cases[i].jump, 1000, 1000);
		conform_check(is_about(before, 99, 101), "before: %d", before);
		conform_check(
		    is_about(behind, 97, 103), "%s: %d", cases[i].name, behind);
		rate_share_free(s);
	}
}

/* Two processes take by turns what one could. */
static void
check_two(struct conform *t)
{
	const char *rates[] = {"100/s", "150/3s"};
	struct rate_share *a = open_share(t->a, "two", rates, 2);
	struct rate_share *b = open_share(t->b, "two", rates, 2);
	struct rate_share *c = open_share(t->b, "three", rates, 2);
	int n = 0, late = 0, third = 0;

	for (int ms = 0; ms < 1000; ms += 50) {
		n += take_grants(a, ms, WALL + ms, 25, 1000);
		n += take_grants(b, ms + 25, WALL + ms + 25, 25, 1000);
		third += take_grants(c, ms, WALL + ms, 50, 1000);
	}
	conform_check(is_about(third, 90, 101), "another account: %d", third);
	conform_check(is_about(n, 70, 101), "two have one pace: %d", n);
	for (int ms = 1000; ms < 2900; ms += 50) {
		late += take_grants(a, ms, WALL + ms, 25, 1000);
		late += take_grants(b, ms + 25, WALL + ms + 25, 25, 1000);
	}
	conform_check(
	    is_about(n + late, 120, 150), "and one span: %d", n + late);
	rate_share_free(a);
	rate_share_free(b);
	rate_share_free(c);
}

/* 20 an hour: now, two hours later, and back again. */
static void
check_forth_and_back(struct conform *t)
{
	const char *rates[] = {"20/h", "50/s"};
	struct rate_share *s = open_share(t->a, "forth", rates, 2);

	conform_check(take_grants(s, 0, WALL, 2000, 100) == 20, "20 at first");
	conform_check(take_grants(s, 2000, WALL + 2 * HOUR, 2000, 100) == 20,
	    "20 two hours later");
	rate_share_free(s);
	s = open_share(t->b, "forth", rates, 2);
	conform_check(take_grants(s, 4000, WALL + 4000, HOUR / 2, 100) == 0,
	    "back: those of the future count as now");
	conform_check(
	    take_grants(s, 4000, WALL + HOUR / 2, 3 * HOUR / 2, 100) == 20,
	    "and an hour later no more");
	rate_share_free(s);
	s = open_share(t->a, "forth", rates, 2);
	conform_check(take_grants(s, 0, WALL + 20 * HOUR, 2000, 100) == 20,
	    "a day later all is as ever");
	rate_share_free(s);
}

/* Only the pace: one every three minutes. */
static void
check_pace_back(struct conform *t)
{
	const char *rates[] = {"20/h"};
	struct rate_share *s = open_share(t->a, "pace", rates, 1);

	conform_check(
	    take_grants(s, 0, WALL + 50 * 60000, 1000, 9) == 1, "one at once");
	rate_share_free(s);
	s = open_share(t->b, "pace", rates, 1);
	conform_check(
	    take_grants(s, 1000, WALL, 170000, 9) == 0, "back: a pause");
	conform_check(take_grants(s, 171000, WALL + 170000, 20000, 9) == 1,
	    "of no more than a step");
	rate_share_free(s);
}

/* The relay complained while the clock was a day ahead. */
static void
check_factor(struct conform *t)
{
	const char *rates[] = {"100/s"};
	struct rate_share *s = open_share(t->a, "factor", rates, 1);
	struct rate_share *other = open_share(t->b, "factor", rates, 1);
	int n;

	conform_check(
	    rate_share_throttle(s, WALL + 24 * HOUR, &f) == 0, "throttled");
	n = take_grants(other, 0, WALL, 1000, 1000);
	conform_check(is_about(n, 48, 53), "half, for another process: %d", n);
	n = take_grants(s, 400000, WALL + 400000, 1000, 1000);
	conform_check(n >= 98, "it recovers from now on: %d", n);
	conform_check(rate_share_throttle(s, WALL + 410000, &f) == 0 &&
			  rate_share_throttle(other, WALL + 410500, &f) == 0,
	    "two complaints");
	n = take_grants(s, 411000, WALL + 411000, 1000, 1000);
	conform_check(
	    is_about(n, 48, 53), "count as one within a second: %d", n);
	rate_share_throttle(other, WALL + 412000, &f);
	n = take_grants(s, 413000, WALL + 413000, 1000, 1000);
	conform_check(is_about(n, 23, 28), "and a later one again: %d", n);
	rate_share_free(s);
	rate_share_free(other);
}

int
main(void)
{
	static const struct conform_case cases[] = {
	    {"grants in hand", check_in_hand},
	    {"two processes", check_two},
	    {"forth and back", check_forth_and_back},
	    {"the pace back", check_pace_back},
	    {"factor", check_factor},
	};
	static const enum memory_fault faults[] = {MEMORY_FAULT_PRIVATE,
	    MEMORY_FAULT_TWICE, MEMORY_FAULT_WINDOW, MEMORY_FAULT_FACTOR,
	    MEMORY_FAULT_ACCOUNTS, MEMORY_FAULT_NONE};

	return CONFORM_RUN(cases, faults);
}
