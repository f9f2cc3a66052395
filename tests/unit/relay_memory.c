/*
 * What is remembered of a relay in every store: answers, outages, lost replies
 * and habits.
 */
#include "port/relay/relay_memory.h"

#include "memory/conform.h"
#include "port/relay/answer_store.h"
#include "port/relay/loss_share.h"
#include "port/relay/relay_habits.h"

#define RELAY STR("relay:25")
#define ME STR("me")
#define NOW INT64_C(1700000000000)
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

static struct fail f;

static struct answer_store *
answers_of(struct store *s, const char *account)
{
	return answer_store_new(s->memory, RELAY, str_of(account));
}

static struct breaker
refused(int n)
{
	struct breaker b = {0};

	for (int i = 0; i < n; i++) {
		struct answer a = {.kind = ANSWER_REFUSED,
		    .print = 5,
		    .who = (uint64_t)i + 1,
		    .at = NOW};

		breaker_add(&b, &a);
	}
	return b;
}

static struct outage
without_mailboxes(int n)
{
	struct outage o = {0};

	for (int i = 0; i < n; i++) {
		struct answer a = {.kind = ANSWER_NO_MAILBOX,
		    .who = (uint64_t)i + 1,
		    .at = NOW};

		outage_add(&o, &a);
	}
	return o;
}

static size_t
count_window(struct store *s, const char *account)
{
	struct answer_store *answers = answers_of(s, account);
	struct breaker b = {0};

	conform_check(answer_store_load(answers, &b, &f) == 0, "load");
	answer_store_free(answers);
	return b.count;
}

static bool
has_any(struct store *s, const char *account)
{
	struct answer_store *answers = answers_of(s, account);
	int rc = answer_store_any(answers, &f);

	conform_check(rc >= 0, "any");
	answer_store_free(answers);
	return rc == 1;
}

/* Saves a window, and, unless it is NULL, a domain's outage. */
static int
save(struct store *s, const struct breaker *b, const char *domain,
    const struct outage *o)
{
	struct answer_store *answers = answers_of(s, "me");
	int rc = answer_store_save(answers, b, &f);

	if (rc == 0 && domain != NULL)
		rc = answer_store_save_domain(answers, str_of(domain), o, &f);
	answer_store_free(answers);
	return rc;
}

static void
check_window(struct conform *t)
{
	struct breaker b = refused(3), none = {0};

	conform_check(!has_any(t->b, "me"), "nothing at first");
	conform_check(store_begin(t->a, false, &f) == 0 &&
			  save(t->a, &b, NULL, NULL) == 0,
	    "save in a transaction");
	conform_check(count_window(t->b, "me") == 0, "not seen yet");
	conform_check(count_window(t->a, "me") == 3, "but by itself");
	conform_check(store_commit(t->a, &f) == 0, "commit");
	conform_check(count_window(t->b, "me") == 3, "seen by another process");
	conform_check(count_window(t->b, "you") == 0, "of this account only");
	conform_check(has_any(t->b, "me") && !has_any(t->b, "you"), "any");
	store_begin(t->b, false, &f);
	conform_check(
	    store_finish(t->b, save(t->b, &none, NULL, NULL), &f) == 0 &&
		!has_any(t->a, "me"),
	    "a clean window is no window");
	store_begin(t->b, false, &f);
	save(t->b, &b, NULL, NULL);
	store_rollback(t->b);
	conform_check(!has_any(t->b, "me"), "a rollback forgets it");
}

/* As an answer_store_fn. */
static int
add_count(
    void *ctx, struct str domain, const struct outage *o, struct fail *ignored)
{
	size_t *sum = ctx;

	(void)ignored;
	*sum += o->count * (str_is(domain, "a.example") ? 1 : 100);
	return 0;
}

static size_t
sum_domains(struct store *s)
{
	struct answer_store *answers = answers_of(s, "me");
	size_t sum = 0;

	conform_check(
	    answer_store_each_domain(answers, add_count, &sum, &f) == 0,
	    "each domain");
	answer_store_free(answers);
	return sum;
}

static void
check_domains(struct conform *t)
{
	struct outage two = without_mailboxes(2), three = without_mailboxes(3);
	struct outage none = {0};
	struct breaker b = refused(1);

	store_begin(t->a, false, &f);
	conform_check(save(t->a, &b, "a.example", &two) == 0 &&
			  save(t->a, &b, "b.example", &three) == 0 &&
			  store_commit(t->a, &f) == 0,
	    "two domains and a window");
	conform_check(sum_domains(t->b) == 302, "each has its own");
	conform_check(count_window(t->b, "me") == 1, "the window is no domain");
	store_begin(t->b, true, &f);
	conform_check(save(t->b, &b, "b.example", &none) == 0 &&
			  store_commit(t->b, &f) == 0 && sum_domains(t->a) == 2,
	    "a clean one is removed");
}

static int
lose(struct store *s, struct losses *ls, int64_t now)
{
	return loss_share_lose(s->memory, RELAY, ME, ls, now, &f);
}

static void
check_losses(struct conform *t)
{
	struct losses la = {0}, lb = {0}, lc = {0}, ld = {0};

	lose(t->a, &la, NOW);
	lose(t->b, &lb, NOW);
	lose(t->a, &la, NOW);
	lose(t->b, &lb, NOW + HOUR / 2);
	conform_check(
	    !losses_are_many(&la) && !losses_are_many(&lb), "four losses");
	conform_check(lose(t->a, &la, NOW + HOUR) == 0 && losses_are_many(&la),
	    "the fifth is enough");
	for (int i = 1; i < LOSSES_MOST; i++)
		lose(t->b, &lc, NOW + HOUR);
	conform_check(!losses_are_many(&lc), "then it begins anew");
	lose(t->b, &ld, NOW + 2 * HOUR);
	conform_check(!losses_are_many(&ld), "an hour later all is forgotten");
	for (int i = 1; i < LOSSES_MOST - 1; i++)
		lose(t->b, &ld, NOW + 2 * HOUR);
	lose(t->b, &ld, NOW);
	conform_check(
	    losses_are_many(&ld), "not those of a clock that was ahead");
}

static void
check_clear(struct conform *t)
{
	struct answer_store *answers = answers_of(t->b, "me");
	struct outage two = without_mailboxes(2);
	struct losses la = {0}, lb = {0};
	struct breaker b = refused(1);

	for (int i = 1; i < LOSSES_MOST; i++)
		lose(t->a, &la, NOW);
	conform_check(!has_any(t->b, "me"), "losses are no answers");
	store_begin(t->a, false, &f);
	conform_check(save(t->a, &b, "a.example", &two) == 0 &&
			  store_commit(t->a, &f) == 0,
	    "a window and an outage");
	store_begin(t->b, false, &f);
	conform_check(
	    store_finish(t->b, answer_store_clear(answers, &f), &f) == 0 &&
		!has_any(t->a, "me") && sum_domains(t->a) == 0,
	    "cleared");
	lose(t->b, &lb, NOW);
	conform_check(losses_are_many(&lb), "the losses stay");
	answer_store_free(answers);
}

static bool
pipelines(
    struct store *s, const char *account, int64_t now, enum pipelining_use want)
{
	enum pipelining_use use;

	return relay_habits_get(
		   s->memory, RELAY, str_of(account), now, &use, &f) == 0 &&
	       use == want;
}

static void
check_habits(struct conform *t)
{
	struct losses ls = {0};

	conform_check(pipelines(t->a, "me", NOW, PIPELINING_FULL), "unknown");
	conform_check(relay_habits_put(t->a->memory, RELAY, ME, NOW,
			  PIPELINING_ENVELOPE, &f) == 0,
	    "put");
	lose(t->a, &ls, NOW);
	conform_check(pipelines(t->b, "me", NOW, PIPELINING_ENVELOPE),
	    "known to another process");
	conform_check(pipelines(t->b, "you", NOW, PIPELINING_FULL),
	    "of this account only");
	conform_check(
	    pipelines(t->b, "me", NOW + 7 * DAY - 1, PIPELINING_ENVELOPE) &&
		pipelines(t->b, "me", NOW + 7 * DAY, PIPELINING_FULL),
	    "for seven days");
	conform_check(pipelines(t->b, "me", NOW - 60000, PIPELINING_ENVELOPE) &&
			  pipelines(t->b, "me", NOW - 60001, PIPELINING_FULL),
	    "not from a clock that was ahead");
	relay_habits_put(
	    t->b->memory, RELAY, ME, NOW + DAY, PIPELINING_NONE, &f);
	conform_check(pipelines(t->a, "me", NOW + DAY, PIPELINING_NONE),
	    "the latest counts");
}

int
main(void)
{
	static const struct conform_case cases[] = {
	    {"window", check_window},
	    {"domains", check_domains},
	    {"losses", check_losses},
	    {"clear", check_clear},
	    {"habits", check_habits},
	};
	static const enum memory_fault faults[] = {MEMORY_FAULT_EARLY,
	    MEMORY_FAULT_PRIVATE, MEMORY_FAULT_KEPT, MEMORY_FAULT_EMPTY,
	    MEMORY_FAULT_CLEAR, MEMORY_FAULT_TOPICS, MEMORY_FAULT_NONE};

	return CONFORM_RUN(cases, faults);
}
