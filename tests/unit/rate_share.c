/*
 * Rates that processes share, under clocks that are set: the time of day is an
 * argument, and so is the time since boot.
 */
#include "port/relay/rate_share.h"

#include <stdio.h>
#include <stdlib.h>

#include "port/db/db_open.h"
#include "port/open/store_open_file.h"
#include "port/relay/loss_share.h"
#include "unit.h"

#define WALL INT64_C(1700000000000)
#define HOUR INT64_C(3600000)

static char dir[] = "/tmp/bm-unit-rate-share-XXXXXX";
static struct store *store, *other;
static struct fail f;

/* A share of its own account, so that no case sees another's grants. */
static struct rate_share *
open_share(const char *account, const char *const *rates, size_t n)
{
	struct rate list[4];

	for (size_t i = 0; i < n; i++)
		rate_parse(&list[i], str_of(rates[i]), &f);
	return rate_share_new(store->rates, "relay:25", account, list, n);
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

/* The grants in hand go on at their pace, whatever becomes of the wall. */
static void
test_in_hand(void)
{
	const char *rates[] = {"100/s"};
	const struct {
		const char *name;
		int64_t jump;
	} cases[] = {{"as it is", 0}, {"20 s back", -20000},
	    {"an hour back", -HOUR}, {"two days back", -48 * HOUR},
	    {"an hour on", HOUR}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rate_share *s = open_share(cases[i].name, rates, 1);
		int before = take_grants(s, 5000, WALL, 1000, 1000);
		int behind;

		rate_share_next(s, 6000, WALL + 1000, 10, &f);
		behind = take_grants(
		    s, 6000, WALL + 1000 + cases[i].jump, 1000, 1000);
		ok(before >= 99 && before <= 101, "before: %d", before);
		ok(behind >= 97 && behind <= 103, "%s: %d", cases[i].name,
		    behind);
		rate_share_free(s);
	}
}

/* 20 an hour: now, two hours later, and back again. */
static void
test_forth_and_back(void)
{
	const char *rates[] = {"20/h", "50/s"};
	struct rate_share *s = open_share("forth", rates, 2);

	ok(take_grants(s, 0, WALL, 2000, 100) == 20, "20 at first");
	ok(take_grants(s, 2000, WALL + 2 * HOUR, 2000, 100) == 20,
	    "20 two hours later");
	rate_share_free(s);
	s = open_share("forth", rates, 2);
	ok(take_grants(s, 4000, WALL + 4000, HOUR / 2, 100) == 0,
	    "back: those of the future count as now");
	ok(take_grants(s, 4000, WALL + HOUR / 2, 3 * HOUR / 2, 100) == 20,
	    "and an hour later no more");
	rate_share_free(s);
	s = open_share("forth", rates, 2);
	ok(take_grants(s, 0, WALL + 20 * HOUR, 2000, 100) == 20,
	    "a day later all is as ever");
	rate_share_free(s);
}

/* Only the pace: one every three minutes. */
static void
test_pace_back(void)
{
	const char *rates[] = {"20/h"};
	struct rate_share *s = open_share("pace", rates, 1);

	ok(take_grants(s, 0, WALL + 50 * 60000, 1000, 9) == 1, "one at once");
	rate_share_free(s);
	s = open_share("pace", rates, 1);
	ok(take_grants(s, 1000, WALL, 170000, 9) == 0, "back: a pause");
	ok(take_grants(s, 171000, WALL + 170000, 20000, 9) == 1,
	    "of no more than a step");
	rate_share_free(s);
}

/* The relay complained while the clock was a day ahead. */
static void
test_factor(void)
{
	const char *rates[] = {"100/s"};
	struct rate_share *s = open_share("factor", rates, 1);
	int n;

	ok(rate_share_throttle(s, WALL + 24 * HOUR, &f) == 0, "throttled");
	n = take_grants(s, 0, WALL, 1000, 1000);
	ok(n >= 48 && n <= 53, "half: %d", n);
	n = take_grants(s, 400000, WALL + 400000, 1000, 1000);
	ok(n >= 98, "it recovers from now on: %d", n);
	ok(rate_share_throttle(s, WALL + 410000, &f) == 0, "throttled");
	n = take_grants(s, 410000, WALL + 410000, 1000, 1000);
	ok(n >= 48 && n <= 53, "and falls again: %d", n);
	rate_share_free(s);
}

static int
lose(struct store *s, struct losses *ls, int64_t wall)
{
	return loss_share_lose(
	    s->memory, STR("relay:25"), STR("losses"), ls, wall, &f);
}

/* Losses of two processes, and how long they are remembered. */
static void
test_losses(void)
{
	struct losses la = {0}, lb = {0}, lc = {0}, ld = {0};

	lose(store, &la, WALL);
	lose(other, &lb, WALL);
	lose(store, &la, WALL);
	lose(other, &lb, WALL + HOUR / 2);
	ok(!losses_are_many(&la) && !losses_are_many(&lb), "four");
	ok(lose(store, &la, WALL + HOUR) == 0 && losses_are_many(&la),
	    "the fifth is enough");
	for (int i = 1; i < LOSSES_MOST; i++)
		lose(other, &lc, WALL + HOUR);
	ok(!losses_are_many(&lc), "then it begins anew");
	lose(other, &ld, WALL + 2 * HOUR);
	ok(!losses_are_many(&ld), "an hour later they are forgotten");
	for (int i = 1; i < LOSSES_MOST - 1; i++)
		lose(other, &ld, WALL + 2 * HOUR);
	lose(other, &ld, WALL);
	ok(losses_are_many(&ld), "not those of a clock that was ahead");
}

int
main(void)
{
	struct db *db;
	char path[64], command[80];

	if (mkdtemp(dir) == NULL)
		return 2;
	snprintf(path, sizeof(path), "%s/bm.db", dir);
	if (db_open(&db, path, DB_CREATE, waiting_quiet(5000), &f) < 0) {
		printf("Bail out! %s\n", f.text);
		return 2;
	}
	db_close(db);
	if (store_open_file(
		&store, path, STORE_WRITE, waiting_quiet(5000), &f) < 0 ||
	    store_open_file(
		&other, path, STORE_WRITE, waiting_quiet(5000), &f) < 0)
		return 2;
	test_in_hand();
	test_forth_and_back();
	test_pace_back();
	test_factor();
	test_losses();
	store_close(store);
	store_close(other);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) != 0 ? 2 : unit_end();
}
