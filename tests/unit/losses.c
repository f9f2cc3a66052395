/*
 * Lost replies: whatever the connections and the order of the replies, a third
 * of them lost ends the run with few in doubt, and a loss now and then does
 * not.
 */
#include <stdlib.h>

#include "mail/smtp/losses.h"
#include "unit.h"

#define PROCESSES 4

/* One process of a run, and its dots that are under way. */
struct sender {
	struct losses losses;
	size_t under_way;
	bool stopped;
};

/* A relay with so many dots under way in all; what the test counts. */
struct run {
	struct sender senders[PROCESSES];
	size_t count, connections; /* senders; connections of each */
	uint64_t shared;
	bool stopped; /* the shared stop: seen at a sender's next loss */
	size_t lost, answered;
};

static void
lose_reply(struct run *r, struct sender *s)
{
	r->lost++;
	if (r->stopped) {
		s->stopped = true;
		return;
	}
	r->shared = losses_lose(&s->losses, r->shared);
	if (losses_are_many(&s->losses))
		r->stopped = s->stopped = true;
}

/* Open what may be opened; then one dot of a random sender is answered. */
static bool
take_turn(struct run *r, bool (*loses)(const struct run *))
{
	struct sender *s = &r->senders[(size_t)rand() % r->count];
	bool going = false;

	for (size_t i = 0; i < r->count; i++) {
		struct sender *o = &r->senders[i];

		while (!o->stopped && o->under_way < r->connections &&
		       o->under_way < losses_dots(&o->losses))
			o->under_way++;
		going = going || o->under_way > 0;
	}
	if (s->under_way == 0)
		return going;
	s->under_way--;
	r->answered++;
	if (loses(r))
		lose_reply(r, s);
	else
		losses_answer(&s->losses);
	return true;
}

static bool
lose_third(const struct run *r)
{
	return r->answered % 3 == 0;
}

static bool
lose_third_at_random(const struct run *r)
{
	(void)r;
	return rand() % 3 == 0;
}

static bool
lose_third_after_500(const struct run *r)
{
	return r->answered > 500 && r->answered % 3 == 0;
}

static bool
lose_all(const struct run *r)
{
	(void)r;
	return true;
}

static bool
lose_one_in_fifteen(const struct run *r)
{
	return r->answered % 15 == 0;
}

static bool
lose_one_in_sixty(const struct run *r)
{
	return r->answered % 60 == 0;
}

static struct run
run_all(size_t processes, size_t connections, bool (*loses)(const struct run *))
{
	struct run r = {.count = processes, .connections = connections};

	while (r.answered < 3000 && take_turn(&r, loses))
		;
	return r;
}

/* The most in doubt in so many runs; SIZE_MAX: one went on. */
static size_t
most_lost(size_t processes, size_t connections,
    bool (*loses)(const struct run *), int runs)
{
	size_t most = 0;

	while (runs-- > 0) {
		struct run r = run_all(processes, connections, loses);

		if (r.answered >= 3000)
			return SIZE_MAX;
		most = r.lost > most ? r.lost : most;
	}
	return most;
}

static void
test_bounds(void)
{
	const struct {
		const char *name;
		size_t processes, connections;
		bool (*loses)(const struct run *);
		size_t most;
	} cases[] = {
	    {"a third, 1 connection", 1, 1, lose_third, 5},
	    {"a third, 4 connections", 1, 4, lose_third, 6},
	    {"a third, 16 connections", 1, 16, lose_third, 8},
	    {"a third, 64 connections", 1, 64, lose_third, 8},
	    {"a third, 4 processes", 4, 1, lose_third, 8},
	    {"a third, 4 processes of 4", 4, 4, lose_third, 14},
	    {"at random, 1 connection", 1, 1, lose_third_at_random, 5},
	    {"at random, 16 connections", 1, 16, lose_third_at_random, 10},
	    {"at random, 4 processes", 4, 1, lose_third_at_random, 8},
	    {"a third after 500, 1", 1, 1, lose_third_after_500, 5},
	    {"a third after 500, 4", 1, 4, lose_third_after_500, 7},
	    {"a third after 500, 16", 1, 16, lose_third_after_500, 10},
	    {"after 500, 4 processes", 4, 1, lose_third_after_500, 8},
	    {"all, 1 connection", 1, 1, lose_all, 5},
	    {"all, 16 connections", 1, 16, lose_all, 10},
	};

	srand(3);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t most = most_lost(cases[i].processes,
		    cases[i].connections, cases[i].loses, 200);

		ok(most <= cases[i].most, "%s: %zu in doubt, at most %zu",
		    cases[i].name, most, cases[i].most);
	}
	ok(most_lost(1, 4, lose_one_in_fifteen, 1) == SIZE_MAX,
	    "one in fifteen: the run goes on");
	ok(most_lost(4, 1, lose_one_in_sixty, 20) == SIZE_MAX,
	    "one in sixty, 4 processes: the runs go on");
}

/*
 * A relay that loses all replies of a moment or none: as many dots as may be
 * under way are answered together, and every third time all are lost.
 */
static size_t
lost_in_waves(size_t processes, size_t connections)
{
	struct run r = {.count = processes, .connections = connections};

	for (int wave = 1; wave < 1000; wave++) {
		size_t dots[PROCESSES], sum = 0;

		for (size_t i = 0; i < processes; i++) {
			struct sender *s = &r.senders[i];
			size_t most = losses_dots(&s->losses);

			dots[i] = connections < most ? connections : most;
			if (s->stopped)
				dots[i] = 0;
			sum += dots[i];
		}
		if (sum == 0)
			return r.lost;
		for (size_t i = 0; i < processes; i++) {
			while (dots[i]-- > 0) {
				if (wave % 3 == 0)
					lose_reply(&r, &r.senders[i]);
				else
					losses_answer(&r.senders[i].losses);
			}
		}
	}
	return SIZE_MAX;
}

static void
test_waves(void)
{
	const struct {
		size_t processes, connections, most;
	} cases[] = {{1, 1, 5}, {1, 4, 8}, {1, 9, 10}, {1, 10, 10}, {1, 16, 10},
	    {1, 64, 10}, {4, 1, 8}, {4, 4, 20}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t lost =
		    lost_in_waves(cases[i].processes, cases[i].connections);

		ok(lost <= cases[i].most, "waves, %zu of %zu: %zu, at most %zu",
		    cases[i].processes, cases[i].connections, lost,
		    cases[i].most);
	}
}

static void
test_window(void)
{
	struct losses ls = {0};
	uint64_t shared = 0;

	for (int i = 1; i < LOSSES_MOST; i++)
		shared = losses_lose(&ls, shared);
	ok(!losses_are_many(&ls), "one less than enough");
	for (int i = 1; i < LOSSES_WINDOW - 1; i++)
		losses_answer(&ls);
	shared = losses_lose(&ls, shared);
	ok(!losses_are_many(&ls), "the first ones are out of the window");
	ok(shared >> LOSSES_WINDOW == 0, "the window is 50 answers wide");
	for (int i = 1; i < LOSSES_MOST; i++)
		shared = losses_lose(&ls, shared);
	ok(losses_are_many(&ls), "enough");
}

static void
test_dots(void)
{
	struct losses ls = {0};
	uint64_t shared = 0;

	ok(losses_dots(&ls) == LOSSES_DOTS, "at the start");
	losses_answer(&ls);
	ok(losses_dots(&ls) == LOSSES_DOTS, "one reply is not much");
	for (int i = 1; i < LOSSES_TRUST; i++)
		losses_answer(&ls);
	ok(losses_dots(&ls) == LOSSES_DOTS, "a hundred");
	losses_answer(&ls);
	ok(losses_dots(&ls) == LOSSES_DOTS + 1, "then one dot more for each");
	for (size_t i = 1; i < LOSSES_DOTS; i++) {
		shared = losses_lose(&ls, shared);
		ok(losses_dots(&ls) == LOSSES_DOTS - i, "%zu lost", i);
	}
	for (int i = 0; i < 5; i++)
		shared = losses_lose(&ls, shared);
	ok(losses_dots(&ls) == 1, "never none");
	for (int i = 0; i < LOSSES_WINDOW; i++)
		losses_answer(&ls);
	ok(losses_dots(&ls) > LOSSES_DOTS, "50 replies later all is forgotten");
}

int
main(void)
{
	test_bounds();
	test_waves();
	test_window();
	test_dots();
	return unit_end();
}
