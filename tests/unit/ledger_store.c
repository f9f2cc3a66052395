/*
 * The ledger in every store: its laws (lib/port/ledger/README), as senders in
 * several processes, operators and readers see them.
 */
#include "port/ledger/ledger.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "memory/conform.h"
#include "port/ledger/ledger_admin.h"
#include "port/ledger/ledger_plan.h"
#include "port/ledger/ledger_prune.h"
#include "port/ledger/ledger_read.h"
#include "port/ledger/ledger_recipient.h"
#include "port/ledger/ledger_verify.h"
#include "port/ledger/ledger_visit.h"
#include "port/optout/optouts.h"

#define NOW 1000000
#define COURSE STR("course-v1:U+C+1")
#define REFUSED 99 /* a claim that was */

static struct fail f;
static const struct claim_policy none = {0};

static struct ledger *
begin(struct store *s)
{
	struct ledger *l = NULL;

	conform_check(
	    ledger_open(&l, s, LEDGER_PROCESS, NULL, &f) == 0, "open");
	return l;
}

static void
end(struct ledger *l)
{
	conform_check(ledger_close(l, &f) == 0, "close");
}

static struct ledger_item
item(const char *key)
{
	return (struct ledger_item){.email_id = STR("week3"),
	    .state_of = STR("week3"),
	    .key = str_of(key),
	    .course_id = COURSE,
	    .content = STR("aa"),
	    .subject = STR("Week 3"),
	    .email = str_of(key),
	    .user_id = STR("7")};
}

static int
claim_as(struct ledger *l, struct ledger_item *it, struct claim_policy policy,
    int64_t now)
{
	struct ledger_item *items[] = {it};

	f = (struct fail){0};
	if (ledger_claim(l, items, 1, &policy, now, &f) < 0)
		return REFUSED;
	return (int)it->verdict;
}

static int
claim(struct ledger *l, struct ledger_item *it)
{
	return claim_as(l, it, none, NOW);
}

static enum ledger_grant
intend(struct ledger *l, struct ledger_item *it)
{
	ledger_intend(l, it, NOW);
	if (ledger_sync(l, &f) < 0)
		return LEDGER_GRANT_PENDING;
	return ledger_grant(l, it);
}

static struct outcome
outcome_of(enum outcome_status status, const char *class)
{
	return (struct outcome){.status = status,
	    .class = class,
	    .stage = "dot",
	    .code = status == OUTCOME_SENT ? 250 : 550,
	    .reply = STR("said"),
	    .relay = STR("mx:25"),
	    .next_try = status == OUTCOME_DEFERRED ? NOW + 5 : 0,
	    .print = status == OUTCOME_SENT ? 0 : 42};
}

static void
settle(struct ledger *l, struct ledger_item *it, enum outcome_status status,
    const char *class)
{
	struct outcome o = outcome_of(status, class);

	ledger_settle(l, it, &o, NOW);
	ledger_sync(l, &f);
}

/* Claims, intends and settles a recipient, for all to see. */
static void
finish(struct ledger *l, const char *key, enum outcome_status status,
    const char *class)
{
	struct ledger_item it = item(key);

	conform_check(claim(l, &it) == CLAIM_YOURS, "%s is claimed", key);
	intend(l, &it);
	settle(l, &it, status, class);
	conform_check(ledger_flush(l, &f) == 0, "flush");
}

/* The verdict that a new process gets. */
static int
ask_as(
    struct store *s, const char *key, struct claim_policy policy, int64_t now)
{
	struct ledger *l = begin(s);
	struct ledger_item it = item(key);
	int verdict;

	if (l == NULL)
		return REFUSED;
	verdict = claim_as(l, &it, policy, now);
	end(l);
	return verdict;
}

static int
ask(struct store *s, const char *key)
{
	return ask_as(s, key, none, NOW);
}

/* --- claims --- */

static void
check_claims(struct conform *t)
{
	struct ledger *a = begin(t->a), *b = begin(t->b);
	struct ledger_item one = item("ann@x"), two = item("ann@x");
	struct ledger_item again = item("ann@x"), twin = item("twin@x");
	struct ledger_item same = item("twin@x");
	struct ledger_item *twins[] = {&twin, &same};

	conform_check(claim(a, &one) == CLAIM_YOURS && one.attempt == 1,
	    "the first sender gets it");
	conform_check(claim(b, &two) == CLAIM_BUSY, "the second: busy");
	conform_check(claim(a, &again) == CLAIM_AGAIN, "the first: again");
	conform_check(ledger_claim(a, twins, 2, &none, NOW, &f) == 0 &&
			  twin.verdict == CLAIM_YOURS &&
			  same.verdict == CLAIM_AGAIN,
	    "one key twice in a claim");
	intend(a, &one);
	settle(a, &one, OUTCOME_SENT, "ok");
	ledger_flush(a, &f);
	conform_check(claim(b, &two) == CLAIM_FINAL &&
			  two.was == OUTCOME_SENT && two.attempt == 2,
	    "then the second learns that it was sent");
	ledger_release(a, &twin);
	ledger_flush(a, &f);
	conform_check(claim(b, &same) == CLAIM_YOURS && same.attempt == 1,
	    "a release is for others to claim");
	end(a);
	end(b);
	conform_check(ask(t->a, "twin@x") == CLAIM_YOURS,
	    "a sender that closes gives back what it has");
}

static void
check_deferrals(struct conform *t)
{
	struct ledger *a = begin(t->a);
	struct ledger_item it = item("late@x");

	finish(a, "late@x", OUTCOME_DEFERRED, "greylisted");
	conform_check(
	    claim_as(a, &it, none, NOW + 4) == CLAIM_NOT_YET, "not due");
	conform_check(claim_as(a, &it, none, NOW + 5) == CLAIM_YOURS &&
			  it.attempt == 2 && it.first == NOW,
	    "due: the second attempt of a lifetime");
	ledger_release(a, &it);
	ledger_flush(a, &f);
	conform_check(claim_as(a, &it, none, NOW + 4) == CLAIM_NOT_YET,
	    "released, it is deferred as before");
	finish(a, "dead@x", OUTCOME_FAILED, "refused");
	conform_check(ask(t->b, "dead@x") == CLAIM_FINAL, "failed is final");
	conform_check(ask_as(t->b, "dead@x",
			  (struct claim_policy){.retry_class = "refused"},
			  NOW) == CLAIM_YOURS,
	    "a policy reopens it");
	conform_check(ask(t->b, "dead@x") == CLAIM_FINAL,
	    "claimed in vain, it has failed again");
	end(a);
}

static void
check_texts(struct conform *t)
{
	struct ledger *a = begin(t->a);
	struct ledger_item fine = item("ann@x"), text = item("bob@x");
	struct ledger_item course = item("carl@x");
	struct ledger_item *two[] = {&fine, &text};

	text.content = STR("bb");
	course.course_id = STR("course-v1:U+C+2");
	claim(a, &fine);
	ledger_release(a, &fine);
	ledger_flush(a, &f);
	conform_check(ledger_claim(a, two, 2, &none, NOW, &f) < 0 &&
			  f.kind == FAIL_SYSTEM,
	    "another text in a claim: none is claimed");
	conform_check(
	    claim_as(a, &course, (struct claim_policy){.accept_content = true},
		NOW) == REFUSED,
	    "another course, whatever the policy");
	conform_check(ask(t->b, "ann@x") == CLAIM_YOURS,
	    "nobody has what a refused claim asked for");
	conform_check(
	    claim_as(a, &text, (struct claim_policy){.accept_content = true},
		NOW) == CLAIM_YOURS,
	    "a new text that is accepted");
	conform_check(claim(a, &fine) == REFUSED, "is the text from then on");
	end(a);
}

/* --- intents --- */

static void
check_intents(struct conform *t)
{
	struct ledger *a = begin(t->a);
	struct ledger_item one = item("ann@x"), two = item("bob@x");
	struct outcome o = outcome_of(OUTCOME_SENT, "ok");

	conform_check(!ledger_unsynced(a), "nothing to sync");
	claim(a, &one);
	claim(a, &two);
	ledger_intend(a, &one, NOW);
	ledger_intend(a, &two, NOW);
	conform_check(
	    ledger_unsynced(a) && ledger_grant(a, &one) == LEDGER_GRANT_PENDING,
	    "no grant before the sync");
	conform_check(ledger_sync(a, &f) == 0 && !ledger_unsynced(a) &&
			  ledger_grant(a, &one) == LEDGER_GRANTED &&
			  ledger_grant(a, &two) == LEDGER_GRANTED,
	    "each is granted by it");
	ledger_settle(a, &one, &o, NOW);
	conform_check(ledger_unsynced(a), "an outcome wants a sync");
	ledger_release(a, &two);
	end(a);
	conform_check(ask(t->b, "ann@x") == CLAIM_FINAL, "settled");
	conform_check(ask(t->b, "bob@x") == CLAIM_YOURS,
	    "an intent that was released is none");
}

/* A sender that wakes up after others took it for dead: no dot of its. */
static void
check_zombie(struct conform *t)
{
	struct ledger *a = begin(t->a), *b;
	struct ledger_item lost = item("lost@x"), taken = item("lost@x");
	struct ledger_item old = item("old@x"), new = item("old@x");

	claim(a, &lost);
	claim(a, &old);
	intend(a, &old);
	if (!conform_expire(t, a)) {
		conform_check(ask(t->b, "lost@x") == CLAIM_BUSY &&
				  ask(t->b, "old@x") == CLAIM_BUSY,
		    "nothing is taken from a sender that lives");
		end(a);
		return;
	}
	b = begin(t->b);
	conform_check(
	    claim(b, &taken) == CLAIM_YOURS, "what it had claimed is free");
	conform_check(
	    claim(b, &new) == CLAIM_IN_DOUBT, "what it intended is in doubt");
	conform_check(intend(a, &lost) == LEDGER_GRANT_BUSY,
	    "the intent of the one that woke up is refused");
	conform_check(
	    intend(b, &taken) == LEDGER_GRANTED, "that of the other stands");
	settle(a, &lost, OUTCOME_SENT, "ok");
	settle(a, &old, OUTCOME_SENT, "ok");
	conform_check(ask(t->b, "lost@x") == CLAIM_BUSY,
	    "an outcome of a sender without the row counts for nothing");
	settle(b, &taken, OUTCOME_FAILED, "refused");
	end(b);
	end(a);
	conform_check(ask(t->b, "lost@x") == CLAIM_FINAL, "the owner's counts");
}

/* Refused with others, one by one: the others go on. */
static void
check_refusals(struct conform *t)
{
	struct ledger *a = begin(t->a);
	struct ledger_item first = item("a@x"), out = item("b@x");
	struct ledger_item last = item("c@x");
	struct optout o = {.course_id = COURSE,
	    .key = STR("b@x"),
	    .out = true,
	    .source = STR("page"),
	    .at = NOW};
	enum ledger_grant grant;

	claim(a, &first);
	claim(a, &out);
	claim(a, &last);
	optouts_add(t->b->optouts, &o, NULL, &f);
	ledger_intend(a, &first, NOW);
	ledger_intend(a, &out, NOW);
	ledger_intend(a, &last, NOW);
	conform_check(ledger_sync(a, &f) == 0, "a refusal is no failure");
	conform_check(ledger_grant(a, &first) == LEDGER_GRANTED &&
			  ledger_grant(a, &last) == LEDGER_GRANTED,
	    "those beside it stand");
	grant = ledger_grant(a, &out);
	/* A store need not repeat the look at the intent; if it does: */
	conform_check(grant == LEDGER_GRANTED ||
			  (grant == LEDGER_GRANT_REFUSED && out.look.out),
	    "one that is refused is told why");
	if (grant == LEDGER_GRANT_REFUSED) {
		struct outcome skipped = outcome_of(OUTCOME_SKIPPED, "optout");

		ledger_settle(a, &out, &skipped, NOW);
		ledger_flush(a, &f);
		conform_check(ask(t->b, "b@x") == CLAIM_FINAL,
		    "and can be settled all the same");
	}
	end(a);
}

/* --- deaths --- */

static struct ledger_item dying, beside;

static void
die_claimed(struct ledger *l)
{
	dying = item("dying@x");
	claim(l, &dying);
}

static void
die_unsynced(struct ledger *l)
{
	die_claimed(l);
	ledger_intend(l, &dying, NOW);
}

static void
die_intended(struct ledger *l)
{
	die_claimed(l);
	intend(l, &dying);
}

static void
die_settled(struct ledger *l)
{
	die_intended(l);
	settle(l, &dying, OUTCOME_SENT, "ok");
}

static void
die_settled_at_once(struct ledger *l)
{
	die_claimed(l);
	ledger_intend(l, &dying, NOW);
	settle(l, &dying, OUTCOME_SENT, "ok");
}

static void
die_released(struct ledger *l)
{
	die_intended(l);
	ledger_release(l, &dying);
	ledger_sync(l, &f);
}

static void
die_deferred(struct ledger *l)
{
	die_intended(l);
	settle(l, &dying, OUTCOME_DEFERRED, "greylisted");
}

static void
die_second(struct ledger *l)
{
	die_deferred(l);
	ledger_flush(l, &f);
	dying = item("dying@x");
	claim_as(l, &dying, none, NOW + 9);
}

static void
die_second_intended(struct ledger *l)
{
	die_second(l);
	intend(l, &dying);
}

static void
die_withdrawn(struct ledger *l)
{
	struct outcome o = outcome_of(OUTCOME_DEFERRED, "throttled");

	die_intended(l);
	ledger_withdraw(l, &dying, &o, NOW, &f);
}

static void
die_withdrawn_intended(struct ledger *l)
{
	die_withdrawn(l);
	intend(l, &dying);
}

static void
die_withdrawn_sent(struct ledger *l)
{
	die_withdrawn_intended(l);
	settle(l, &dying, OUTCOME_SENT, "ok");
}

static void
die_beside(struct ledger *l)
{
	beside = item("beside@x");
	claim(l, &beside);
	ledger_intend(l, &beside, NOW);
	die_withdrawn(l);
	if (ledger_unsynced(l))
		ledger_sync(l, &f);
}

static void
check_deaths(struct conform *t)
{
	static const struct {
		conform_work_fn *work;
		int soon, late; /* before and after the next try */
		const char *name;
	} deaths[] = {
	    {die_claimed, CLAIM_YOURS, CLAIM_YOURS, "a claim is given back"},
	    {die_unsynced, CLAIM_YOURS, CLAIM_YOURS,
		"an intent without a sync is none"},
	    {die_intended, CLAIM_IN_DOUBT, CLAIM_IN_DOUBT,
		"an intent is in doubt"},
	    {die_settled, CLAIM_FINAL, CLAIM_FINAL, "an outcome counts"},
	    {die_settled_at_once, CLAIM_FINAL, CLAIM_FINAL,
		"intent and outcome in one sync"},
	    {die_released, CLAIM_YOURS, CLAIM_YOURS, "a released intent"},
	    {die_deferred, CLAIM_NOT_YET, CLAIM_YOURS, "deferred"},
	    {die_second, CLAIM_NOT_YET, CLAIM_YOURS,
		"a second claim is given back to the deferral"},
	    {die_second_intended, CLAIM_IN_DOUBT, CLAIM_IN_DOUBT,
		"a second intent"},
	    {die_withdrawn, CLAIM_NOT_YET, CLAIM_YOURS, "a withdrawn intent"},
	    {die_withdrawn_intended, CLAIM_IN_DOUBT, CLAIM_IN_DOUBT,
		"an intent after a withdrawn one"},
	    {die_withdrawn_sent, CLAIM_FINAL, CLAIM_FINAL,
		"an outcome after a withdrawn intent"},
	};
	struct claim_policy wait = {.wait_over = true};

	for (size_t i = 0; i < sizeof(deaths) / sizeof(*deaths); i++) {
		struct ledger *l;
		struct ledger_item it = item("dying@x");
		int soon, late;

		conform_kill(t, deaths[i].work);
		soon = ask(t->b, "dying@x");
		late = ask_as(t->b, "dying@x", none, NOW + 20);
		conform_check(soon == deaths[i].soon && late == deaths[i].late,
		    "death: %s (%d %d)", deaths[i].name, soon, late);
		/* The next one begins anew: as after an operator's word. */
		l = begin(t->a);
		wait.again_before = NOW + 100;
		if (claim_as(l, &it, wait, NOW) == CLAIM_YOURS) {
			struct outcome o =
			    outcome_of(OUTCOME_DEFERRED, "connection");

			o.next_try = 0;
			intend(l, &it);
			ledger_settle(l, &it, &o, NOW);
		}
		end(l);
	}
	conform_kill(t, die_beside);
	conform_check(ask(t->b, "beside@x") == CLAIM_IN_DOUBT,
	    "death: an intent beside one that is withdrawn");
}

/* --- looks --- */

static bool
is_seen(
    struct ledger *l, struct ledger_item *it, enum ledger_state state, bool out)
{
	return ledger_look(l, it, &f) == 0 && it->look.state == state &&
	       it->look.out == out;
}

static void
put_optout(struct store *s, const char *scope, const char *id, const char *key,
    bool out)
{
	struct optout o = {.course_id = str_of(scope),
	    .user_id = str_of(id),
	    .key = str_of(key),
	    .out = out,
	    .source = STR("page"),
	    .at = NOW};

	conform_check(optouts_add(s->optouts, &o, NULL, &f) == 0, "opt-out");
}

static void
check_states(struct conform *t)
{
	struct ledger *a = begin(t->a);
	struct ledger_item it = item("ann@x"), next = item("bob@x");

	conform_check(
	    ledger_admin_set_state(t->b, STR("week3"), LEDGER_HELD, &f) < 0 &&
		f.kind == FAIL_SYSTEM,
	    "a mailing that is not known");
	claim(a, &it);
	conform_check(
	    it.look.state == LEDGER_OPEN && !it.look.out, "a claim looks, too");
	conform_check(is_seen(a, &it, LEDGER_OPEN, false), "nothing stands");
	ledger_admin_set_state(t->b, STR("week3"), LEDGER_HELD, &f);
	conform_check(is_seen(a, &it, LEDGER_HELD, false),
	    "a hold after the claim is seen");
	conform_check(claim(a, &next) == CLAIM_HELD, "and by the next claim");
	ledger_admin_set_state(t->b, STR("week3"), LEDGER_OPEN, &f);
	conform_check(is_seen(a, &it, LEDGER_OPEN, false), "so is its release");
	ledger_admin_set_state(t->b, STR("week3"), LEDGER_CANCELLED, &f);
	conform_check(
	    is_seen(a, &it, LEDGER_CANCELLED, false), "cancelling is seen");
	conform_check(
	    claim(a, &next) == CLAIM_CANCELLED, "claimed, to be settled");
	conform_check(
	    ledger_admin_set_state(t->b, STR("week3"), LEDGER_OPEN, &f) < 0,
	    "cancelled stays cancelled");
	it.state_of = STR("week4");
	conform_check(is_seen(a, &it, LEDGER_OPEN, false),
	    "the state of another mailing, which is not known");
	end(a);
}

static void
check_optouts(struct conform *t)
{
	struct ledger *a = begin(t->a);
	struct ledger_item it = item("ann@x"), next = item("next@x");

	put_optout(t->b, "course-v1:U+C+2", "7", "ann@x", true);
	claim(a, &it);
	conform_check(is_seen(a, &it, LEDGER_OPEN, false), "another course's");
	put_optout(t->b, "course-v1:U+C+1", NULL, "ann@x", true);
	conform_check(is_seen(a, &it, LEDGER_OPEN, true),
	    "an opt-out after the claim is seen");
	put_optout(t->b, "course-v1:U+C+1", NULL, "ann@x", false);
	conform_check(is_seen(a, &it, LEDGER_OPEN, false), "taken back");
	put_optout(t->b, "*", "7", NULL, true);
	conform_check(
	    is_seen(a, &it, LEDGER_OPEN, true), "of all mail, by user id");
	conform_check(claim(a, &next) == CLAIM_YOURS && next.look.out,
	    "a claim sees what is there");
	end(a);
}

/* --- decisions --- */

/* 1, and *was; or 0: there is no such recipient. */
static int
say(struct store *s, const char *key, int *was)
{
	struct ledger_decision_word word = {
	    .email_id = STR("week3"), .key = str_of(key), .now = NOW};
	int rc;

	if (store_begin(s, false, &f) < 0)
		return -1;
	rc = ledger_recipient_settle(s, &word, was, &f);
	return store_commit(s, &f) < 0 ? -1 : rc;
}

static long long
reopen(struct store *s, const struct ledger_decision_reopen *r)
{
	long long n;

	if (store_begin(s, false, &f) < 0)
		return -1;
	n = ledger_recipient_reopen(s, r, &f);
	return store_commit(s, &f) < 0 ? -1 : n;
}

static void
check_doubts(struct conform *t)
{
	struct ledger *a;
	struct ledger_item it = item("busy@x");
	long long count = 0;
	bool known;
	int was;

	conform_kill(t, die_intended);
	a = begin(t->a);
	claim(a, &it);
	conform_check(
	    say(t->b, "dying@x", &was) == 1 && was == OUTCOME_IN_DOUBT,
	    "a word about one in doubt");
	conform_check(ask(t->b, "dying@x") == CLAIM_YOURS, "not sent: due");
	conform_check(
	    say(t->b, "dying@x", &was) == 1 && was == OUTCOME_DEFERRED,
	    "said again: it was deferred");
	conform_check(say(t->b, "busy@x", &was) == 1 && was == -1,
	    "one that a sender has");
	conform_check(
	    say(t->b, "nobody@x", &was) == 0, "one that is not there");
	end(a);
	conform_check(ledger_admin_mark_uncertain(
			  t->b, STR("week3"), NOW, &known, &f) == 0 &&
			  known && ask(t->a, "dying@x") == CLAIM_IN_DOUBT &&
			  ask(t->a, "absent@x") == CLAIM_IN_DOUBT,
	    "an uncertain mailing: deferred and absent ones are in doubt");
	conform_check(ledger_admin_assume_sent(
			  t->b, STR("week3"), NOW, &count, &f) == 0 &&
			  count == 2 && ask(t->a, "absent@x") == CLAIM_FINAL,
	    "they count as sent: %lld", count);
	conform_check(ledger_admin_mark_uncertain(
			  t->b, STR("week9"), NOW, &known, &f) == 0 &&
			  !known,
	    "a mailing that the ledger did not know is entered");
}

static void
check_reopening(struct conform *t)
{
	struct ledger_decision_reopen r = {
	    .relay = STR("mx:25"), .print = 42, .since = NOW, .now = NOW};
	struct ledger *a = begin(t->a);
	struct ledger_item busy = item("busy@x");

	finish(a, "ann@x", OUTCOME_FAILED, "refused");
	finish(a, "bob@x", OUTCOME_SENT, "ok");
	claim(a, &busy);
	conform_check(
	    reopen(t->b, &r) == 1, "those who were refused in these words");
	conform_check(ask(t->b, "ann@x") == CLAIM_NOT_YET &&
			  ask_as(t->b, "ann@x",
			      (struct claim_policy){.retry_class = "breaker"},
			      NOW) == CLAIM_YOURS,
	    "wait for a person");
	conform_check(ask(t->b, "bob@x") == CLAIM_FINAL &&
			  ask(t->b, "busy@x") == CLAIM_BUSY,
	    "nobody else is touched");
	finish(a, "carl@x", OUTCOME_FAILED, "bad_mailbox");
	finish(a, "carl@y", OUTCOME_FAILED, "bad_mailbox");
	r.print = 0;
	r.domain = STR("y");
	conform_check(
	    reopen(t->b, &r) == 1 && ask(t->b, "carl@x") == CLAIM_FINAL,
	    "those of a domain without mailboxes");
	end(a);
}

static int
count_id(void *ctx, struct str id, struct fail *fail)
{
	(void)fail;
	*(int *)ctx += str_is(id, "week3") ? 1 : 100;
	return 0;
}

static void
check_pruning(struct conform *t)
{
	struct ledger *a = begin(t->a);
	int count = 0;

	finish(a, "ann@x", OUTCOME_SENT, "ok");
	end(a);
	conform_check(ledger_prune_each(t->b, NOW, count_id, &count, &f) == 0 &&
			  count == 0,
	    "not old");
	conform_check(
	    ledger_prune_each(t->b, NOW + 1, count_id, &count, &f) == 0 &&
		count == 1,
	    "old");
	conform_check(ledger_prune_mailing(t->b, STR("week3"), &f) == 0 &&
			  ask(t->a, "ann@x") == CLAIM_PRUNED,
	    "pruned: never sent again");
	conform_check(
	    ledger_admin_set_state(t->b, STR("week3"), LEDGER_OPEN, &f) < 0,
	    "and that for good");
}

/* --- reading --- */

struct seen {
	char keys[100], states[100];
	long long rows;
	int alive, dead;
	int broken;
};

static int
see_row(void *ctx, const struct report_row *row, struct fail *fail)
{
	struct seen *s = ctx;
	size_t n = strlen(s->keys), m = strlen(s->states);

	(void)fail;
	snprintf(s->keys + n, sizeof(s->keys) - n, "%.*s ", (int)row->key.n,
	    row->key.p);
	snprintf(s->states + m, sizeof(s->states) - m, "%s ",
	    report_state_name(row->state));
	s->rows += row->count;
	return 0;
}

static int
see_owner(void *ctx, const struct ledger_row_owner *o, struct fail *fail)
{
	struct seen *s = ctx;

	(void)fail;
	s->alive += o->life == LEDGER_ROW_ALIVE;
	s->dead += o->life == LEDGER_ROW_DEAD;
	s->rows += o->rows;
	return 0;
}

static int
see_check(
    void *ctx, const char *promise, const char *against, struct fail *fail)
{
	(void)promise;
	(void)fail;
	((struct seen *)ctx)->broken += against != NULL;
	return 0;
}

static bool
shows(struct store *s, const char *keys, const char *states)
{
	struct seen seen = {0}, all = {0}, counts = {0};

	return ledger_visit_rows(
		   s, STR("week3"), LEDGER_ROW_KEYS, see_row, &seen, &f) == 0 &&
	       ledger_visit_rows(
		   s, STR("week3"), LEDGER_ROW_ALL, see_row, &all, &f) == 0 &&
	       ledger_visit_rows(s, STR("week3"), LEDGER_ROW_COUNTS, see_row,
		   &counts, &f) == 0 &&
	       strcmp(seen.keys, keys) == 0 &&
	       strcmp(seen.states, states) == 0 && all.rows == seen.rows &&
	       counts.rows == seen.rows;
}

static void
check_reading(struct conform *t)
{
	struct ledger *a = begin(t->a);
	struct ledger_item one = item("b@x"), two = item("a@x");
	struct ledger_item new = item("c@x");
	struct ledger_read read = {.stores = {t->b}, .count = 1};
	struct arena *arena = arena_new();
	struct seen owners = {0};
	struct report report;

	claim(a, &one);
	claim(a, &two);
	claim(a, &new);
	conform_check(shows(t->b, "a@x b@x c@x ", "claimed claimed claimed "),
	    "claims, in the order of keys");
	intend(a, &one);
	settle(a, &one, OUTCOME_SENT, "ok");
	ledger_release(a, &new);
	ledger_sync(a, &f);
	conform_check(shows(t->b, "a@x b@x ", "claimed sent "),
	    "what a living sender has settled and released, before its fold");
	conform_check(ledger_visit_owners(t->b, see_owner, &owners, &f) == 0 &&
			  owners.alive == 1 && owners.dead == 0,
	    "who is alive");
	put_optout(t->b, "*", "8", NULL, true);
	conform_check(ledger_read_report(&read, STR("week3"), false, &report,
			  arena, &f) == 1 &&
			  report.all.total == 2 &&
			  report.all.by[REPORT_SENT] == 1 &&
			  str_eq(report.course_id, COURSE) &&
			  str_is(report.subject, "Week 3") &&
			  str_is(report.state, "open") &&
			  report.created == NOW && report.optouts == 1,
	    "a report");
	conform_check(ledger_read_report(
			  &read, STR("week4"), true, &report, arena, &f) == 0,
	    "of a mailing that is not known");
	end(a);
	conform_check(shows(t->b, "b@x ", "sent "), "at the end");
	conform_kill(t, die_intended);
	owners = (struct seen){0};
	conform_check(ledger_visit_owners(t->b, see_owner, &owners, &f) == 0 &&
			  owners.alive == 0 && owners.dead == 1 &&
			  owners.rows == 1,
	    "who has died");
	conform_check(ledger_recover(t->b, NULL, &f) == 0 &&
			  shows(t->b, "b@x dying@x ", "sent in_doubt "),
	    "a recovery, and what it leaves");
	conform_check(
	    ledger_verify(t->b, (struct str){0}, see_check, &owners, &f) == 0 &&
		owners.broken == 0,
	    "the ledger keeps its promises");
	arena_free(arena);
}

static bool
plan_is(struct store *s, struct arena *a, const char *keys, long long planned,
    long long unplanned, const char *by)
{
	struct ledger_decision_plan p = {0};

	return ledger_plan_read(s, STR("week3"), &p, a, &f) == 1 &&
	       str_is(p.email_id, "week3") && str_is(p.keys, keys) &&
	       p.planned == planned && p.unplanned == unplanned &&
	       (by != NULL ? str_is(p.approved_by, by) && p.approved_at == NOW
			   : p.approved_by.p == NULL);
}

/* A size may be known before the mailing is; an approval is for its keys. */
static void
check_plans(struct conform *t)
{
	struct arena *arena = arena_new();
	struct ledger_decision_plan p = {.email_id = STR("week3"),
	    .keys = STR("one"),
	    .planned = 3,
	    .unplanned = -1};

	conform_check(ledger_plan_read(t->b, STR("week3"), &p, arena, &f) == 0,
	    "no plan is known");
	conform_check(ledger_plan_store(t->a, &p, NOW, &f) == 0 &&
			  plan_is(t->b, arena, "one", 3, -1, NULL),
	    "a plan");
	p.approved_by = STR("ada");
	p.approved_at = NOW;
	p.unplanned = 2;
	conform_check(ledger_plan_store(t->b, &p, NOW, &f) == 0 &&
			  plan_is(t->a, arena, "one", 3, 2, "ada"),
	    "its approval");
	p.approved_by = (struct str){0};
	p.planned = 4;
	conform_check(ledger_plan_store(t->a, &p, NOW, &f) == 0 &&
			  plan_is(t->b, arena, "one", 4, 2, "ada"),
	    "which stays with the same keys");
	p.keys = STR("two");
	conform_check(ledger_plan_store(t->a, &p, NOW, &f) == 0 &&
			  plan_is(t->b, arena, "two", 4, 2, NULL),
	    "and goes with others");
	arena_free(arena);
}

int
main(void)
{
	static const struct conform_case cases[] = {
	    {"claims", check_claims},
	    {"deferrals", check_deferrals},
	    {"texts", check_texts},
	    {"intents", check_intents},
	    {"a sender that wakes up", check_zombie},
	    {"refusals", check_refusals},
	    {"deaths", check_deaths},
	    {"states", check_states},
	    {"opt-outs", check_optouts},
	    {"doubts", check_doubts},
	    {"reopening", check_reopening},
	    {"pruning", check_pruning},
	    {"reading", check_reading},
	    {"plans", check_plans},
	};
	static const enum memory_fault faults[] = {
	    MEMORY_FAULT_OWNERLESS,
	    MEMORY_FAULT_UNFENCED,
	    MEMORY_FAULT_LOST_REFUSAL,
	    MEMORY_FAULT_SETTLE_FIRST,
	    MEMORY_FAULT_LATE_INTENT,
	    MEMORY_FAULT_FORGETS,
	    MEMORY_FAULT_LATE_STATE,
	    MEMORY_FAULT_LATE_OPTOUT,
	    MEMORY_FAULT_NO_OPTOUT,
	    MEMORY_FAULT_UNCLAIMED,
	    MEMORY_FAULT_NONE,
	};

	return CONFORM_RUN(cases, faults);
}
