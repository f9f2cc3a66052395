/*
 * The register of bounces in every store, as two processes see it.
 */
#include "port/bounce/bounce_register.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "memory/conform.h"
#include "port/bounce/bounce_refusals.h"
#include "port/bounce/suppressed.h"
#include "port/ledger/ledger.h"

#define DAY (24LL * 3600 * 1000)
#define NOW (1000 * DAY)

static struct fail f;

static struct bounce_row
make_row(const char *id, const char *key, const char *kind, const char *proof,
    int64_t at)
{
	return (struct bounce_row){.email_id = str_of(id),
	    .key = str_of(key),
	    .kind = str_of(kind),
	    .proof = str_of(proof),
	    .class = STR("bad_mailbox"),
	    .reply = STR("say \"no\"\nor ''"),
	    .at = at};
}

static bool
put(struct store *s, const char *id, const char *key, const char *kind,
    const char *proof, int64_t at)
{
	struct bounce_row row = make_row(id, key, kind, proof, at);
	bool added = false;

	conform_check(bounce_register_add(s->bounces, &row, &added, &f) == 0,
	    "add %s %s", kind, proof);
	return added;
}

/* In a transaction of the caller. */
static bool
put_one(struct store *s, const char *id, const char *key, const char *kind,
    const char *proof, int64_t at)
{
	struct bounce_row row = make_row(id, key, kind, proof, at);
	bool added = false;

	return bounce_register_put(s->bounces, &row, &added, &f) == 0 && added;
}

static struct ledger_item
make_item(const char *id, const char *key)
{
	return (struct ledger_item){.email_id = str_of(id),
	    .state_of = str_of(id),
	    .key = str_of(key),
	    .course_id = STR("c1"),
	    .content = STR("aa"),
	    .subject = STR("S"),
	    .email = str_of(key)};
}

#define PEOPLE 70 /* of a delivery, at most */

/* Rows of the ledger: n people, whose keys are "ID-NUMBER@x.example", or one
 * with the key. */
static void
deliver_to(struct store *s, const char *id, int n, const char *key,
    enum outcome_status status, int64_t at)
{
	struct outcome o = {.status = status, .class = "ok", .stage = "dot"};
	struct ledger_item all[PEOPLE], *items[PEOPLE];
	const struct claim_policy none = {0};
	char keys[PEOPLE][40];
	struct ledger *l = NULL;
	bool good = ledger_open(&l, s, LEDGER_PROCESS, NULL, &f) == 0;

	for (int i = 0; i < n; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%s-%d@x.example", id, i);
		all[i] = make_item(id, key != NULL ? key : keys[i]);
		items[i] = &all[i];
	}
	good = good && ledger_claim(l, items, (size_t)n, &none, at, &f) == 0;
	for (int i = 0; good && i < n; i++)
		ledger_intend(l, &all[i], at);
	good = good && ledger_sync(l, &f) == 0;
	for (int i = 0; good && i < n; i++)
		good = all[i].verdict == CLAIM_YOURS &&
		       ledger_grant(l, &all[i]) == LEDGER_GRANTED;
	for (int i = 0; good && i < n; i++)
		ledger_settle(l, &all[i], &o, at);
	good = good && ledger_sync(l, &f) == 0;
	if (l != NULL)
		good = ledger_close(l, &f) == 0 && good;
	conform_check(good, "%s is delivered", id);
}

static void
deliver(struct store *s, const char *id, const char *key,
    enum outcome_status status, int64_t at)
{
	deliver_to(s, id, 1, key, status, at);
}

static enum suppression
check(struct store *s, const char *key)
{
	enum suppression v = SUPPRESSION_NONE;

	conform_check(
	    bounce_register_check(s->bounces, str_of(key), &v, &f) == 0,
	    "check %s", key);
	return v;
}

static int
add_name(void *ctx, enum suppression why, const struct bounce_row *last,
    long long count, struct fail *ignored)
{
	(void)ignored;
	buf_printf(ctx, "%.*s %s %lld %.*s;", (int)last->key.n, last->key.p,
	    suppression_name(why), count, (int)last->email_id.n,
	    last->email_id.p);
	return 0;
}

static void
lists(struct store *s, const char *want, const char *name)
{
	struct buf b = {0};
	int rc = bounce_register_each(s->bounces, add_name, &b, &f);

	conform_check(
	    rc == 0 && str_is(buf_str(&b), want), "%s: %s", name, buf_cstr(&b));
	buf_free(&b);
}

/* The weakest first; equal levels do not replace each other. */
static const struct {
	int level;
	const char *kind, *proof;
} ranks[] = {
    {0, "policy", "address"},
    {1, "policy", "verp"},
    {2, "soft", "address"},
    {3, "soft", "message_id"},
    {3, "soft", "verp"},
    {4, "hard", "address"},
    {5, "hard", "smtp_once"},
    {6, "hard", "smtp"},
    {6, "hard", "message_id"},
    {6, "hard", "verp"},
    {7, "complaint", "address"},
    {8, "complaint", "verp"},
};
#define RANKS (sizeof(ranks) / sizeof(*ranks))

static void
put_ranks(struct store *s, size_t pair, const char *key, bool second)
{
	size_t was = pair / RANKS, is = pair % RANKS;
	bool stronger = ranks[is].level > ranks[was].level;

	if (!second)
		put_one(s, "m1", key, ranks[was].kind, ranks[was].proof, NOW);
	else
		conform_check(put_one(s, "m1", key, ranks[is].kind,
				  ranks[is].proof, NOW + 1) == stronger &&
				  put_one(s, "m2", key, ranks[is].kind,
				      ranks[is].proof, NOW),
		    "%s %s behind %s %s; another mailing has its own",
		    ranks[is].kind, ranks[is].proof, ranks[was].kind,
		    ranks[was].proof);
}

static void
check_ranks(struct conform *t)
{
	struct store *stores[] = {t->a, t->b};

	for (int turn = 0; turn < 2; turn++) {
		conform_check(
		    store_begin(stores[turn], false, &f) == 0, "begin");
		for (size_t i = 0; i < RANKS * RANKS; i++) {
			char key[40];

			snprintf(key, sizeof(key), "p%zu@uni.example", i);
			put_ranks(stores[turn], i, key, turn == 1);
		}
		conform_check(store_commit(stores[turn], &f) == 0, "commit");
	}
}

static void
came(struct conform *t, const char *key, enum bounce_register_came want)
{
	enum bounce_register_came got;

	conform_check(bounce_register_came(t->b->bounces, STR("m1"),
			  str_of(key), &got, &f) == 0 &&
			  got == want,
	    "m1: what came back of %s", key);
}

static void
check_counts(struct conform *t)
{
	long long bounced = -1, complained = -1;

	put(t->a, "m1", "a@x.example", "soft", "address", NOW);
	put(t->a, "m1", "a@x.example", "hard", "verp", NOW);
	put(t->a, "m1", "b@x.example", "policy", "verp", NOW);
	put(t->a, "m1", "c@x.example", "complaint", "address", NOW);
	put(t->a, "m1", "d@x.example", "hard", "smtp", NOW);
	put(t->a, "m1", "e@x.example", "hard", "smtp_once", NOW);
	put(t->a, "m2", "f@x.example", "hard", "verp", NOW);
	bounce_register_count(
	    t->b->bounces, STR("m1"), &bounced, &complained, &f);
	conform_check(bounced == 2 && complained == 1,
	    "m1: %lld bounced, %lld complained", bounced, complained);
	came(t, "a@x.example", BOUNCE_REGISTER_BOUNCED);
	came(t, "b@x.example", BOUNCE_REGISTER_BOUNCED);
	came(t, "c@x.example", BOUNCE_REGISTER_COMPLAINED);
	came(t, "d@x.example", BOUNCE_REGISTER_NOTHING);
	came(t, "e@x.example", BOUNCE_REGISTER_NOTHING);
	came(t, "f@x.example", BOUNCE_REGISTER_NOTHING);
	bounce_register_count(
	    t->b->bounces, STR("m3"), &bounced, &complained, &f);
	conform_check(bounced == 0 && complained == 0, "of no such mailing");
}

static void
check_people(struct conform *t)
{
	lists(t->a, "", "nobody");
	put(t->a, "m1", "b@x.example", "hard", "verp", NOW);
	put(t->a, "m2", "a@x.example", "hard", "message_id", NOW);
	put(t->b, "m1", "c@x.example", "hard", "address", NOW);
	put(t->b, "m1", "d@x.example", "policy", "verp", NOW);
	put(t->b, "m1", "e@x.example", "complaint", "verp", NOW);
	put(t->b, "m1", "f@x.example", "hard", "smtp", NOW);
	put(t->b, "m1", "g@x.example", "hard", "smtp_once", NOW);
	lists(t->a,
	    "a@x.example hard 1 m2;b@x.example hard 1 m1;"
	    "f@x.example hard 1 m1;",
	    "the proven ones, in the order of keys");
	conform_check(check(t->a, "a@x.example") == SUPPRESSION_HARD &&
			  check(t->b, "a@x.example") == SUPPRESSION_HARD,
	    "both processes ask about one");
	conform_check(check(t->a, "x.example") == SUPPRESSION_NONE &&
			  check(t->a, "") == SUPPRESSION_NONE &&
			  check(t->a, "g@x.example") == SUPPRESSION_NONE,
	    "nobody else");
}

/* Twice, a day apart: by another mailing, or by a second try of the same. */
static void
check_again(struct conform *t)
{
	put(t->a, "m1", "a@x.example", "hard", "smtp_once", NOW);
	put(t->b, "m2", "a@x.example", "hard", "smtp_once", NOW + DAY - 1);
	conform_check(
	    check(t->a, "a@x.example") == SUPPRESSION_NONE, "too soon");
	put(t->b, "m3", "a@x.example", "hard", "smtp_once", NOW + DAY);
	conform_check(check(t->a, "a@x.example") == SUPPRESSION_HARD,
	    "a third mailing, a day after the first");
	put(t->a, "m1", "b@x.example", "hard", "smtp_once", NOW);
	conform_check(!put(t->b, "m1", "b@x.example", "hard", "smtp_once",
			  NOW + DAY - 1) &&
			  check(t->a, "b@x.example") == SUPPRESSION_NONE,
	    "the same mailing, too soon");
	conform_check(
	    put(t->b, "m1", "b@x.example", "hard", "smtp_once", NOW + DAY) &&
		check(t->a, "b@x.example") == SUPPRESSION_HARD,
	    "the same mailing a day later");
}

/* What SMTP has refused, by the ledger's last word. */
static void
check_taken_back(struct conform *t)
{
	deliver(t->a, "m1", "a@x.example", OUTCOME_FAILED, NOW);
	deliver(t->a, "m1", "b@x.example", OUTCOME_SENT, NOW);
	put(t->a, "m1", "a@x.example", "hard", "smtp", NOW);
	put(t->a, "m1", "b@x.example", "hard", "smtp", NOW);
	put(t->a, "m1", "c@x.example", "hard", "smtp", NOW);
	lists(t->b, "a@x.example hard 1 m1;c@x.example hard 1 m1;",
	    "failed, or forgotten");
	put(t->a, "m1", "b@x.example", "complaint", "address", NOW);
	put(t->a, "m2", "b@x.example", "hard", "verp", NOW);
	conform_check(check(t->b, "b@x.example") == SUPPRESSION_HARD,
	    "a report counts whatever the state is");
}

/* A run's answers: the domain's, the person's state, and the proof. */
static const struct {
	const char *key;
	int accepted, refused; /* others of the domain */
	enum outcome_status status;
	enum suppression want, again;
} runs[] = {
    {"a@a.example", 1, 0, OUTCOME_FAILED, SUPPRESSION_HARD, SUPPRESSION_HARD},
    {"b@b.example", 0, 0, OUTCOME_FAILED, SUPPRESSION_NONE, SUPPRESSION_HARD},
    {"c@c.example", 1, 1, OUTCOME_FAILED, SUPPRESSION_NONE, SUPPRESSION_HARD},
    {"d@d.example", 2, 1, OUTCOME_FAILED, SUPPRESSION_HARD, SUPPRESSION_HARD},
    /* A breaker has taken it back. */
    {"e@e.example", 9, 0, OUTCOME_DEFERRED, SUPPRESSION_NONE, SUPPRESSION_NONE},
};
#define RUNS (sizeof(runs) / sizeof(*runs))

static void
run_once(struct conform *t, const char *id, int64_t at)
{
	struct bounce_refusals *r = bounce_refusals_new();

	for (size_t i = 0; i < RUNS; i++) {
		struct bounce_row row =
		    make_row(id, runs[i].key, "hard", "", at);

		deliver(t->a, id, runs[i].key, runs[i].status, at);
		for (int n = 0; n < runs[i].accepted; n++)
			bounce_refusals_count(r, row.key, true);
		for (int n = 0; n < runs[i].refused; n++)
			bounce_refusals_count(r, row.key, false);
		bounce_refusals_count(r, row.key, false);
		bounce_refusals_dead(r, &row);
	}
	conform_check(bounce_refusals_any(r) &&
			  bounce_refusals_enter(r, t->a, &f) == 0 &&
			  !bounce_refusals_any(r),
	    "%s: enter", id);
	bounce_refusals_free(r);
}

static void
check_refusals(struct conform *t)
{
	run_once(t, "m1", NOW);
	for (size_t i = 0; i < RUNS; i++)
		conform_check(check(t->b, runs[i].key) == runs[i].want,
		    "one run: %s", runs[i].key);
	run_once(t, "m2", NOW + DAY - 1);
	for (size_t i = 0; i < RUNS; i++)
		conform_check(check(t->b, runs[i].key) == runs[i].want,
		    "the next day, too soon: %s", runs[i].key);
	run_once(t, "m3", NOW + DAY);
	for (size_t i = 0; i < RUNS; i++)
		conform_check(check(t->b, runs[i].key) == runs[i].again,
		    "a day later: %s", runs[i].key);
}

static void
check_clear(struct conform *t)
{
	long long n = -1;

	put(t->a, "m1", "a@x.example", "hard", "verp", NOW);
	put(t->a, "m1", "b@x.example", "hard", "verp", NOW);
	put(t->a, "m2", "b@x.example", "soft", "verp", NOW + 5);
	put(t->a, "m1", "c@x.example", "hard", "verp", NOW + 5);
	bounce_register_clear(
	    t->b->bounces, STR("a@x.example"), 0, NOW + 9, &n, &f);
	conform_check(n == 1, "one: %lld", n);
	lists(t->a, "b@x.example hard 2 m2;c@x.example hard 1 m1;", "one");
	conform_check(!put(t->a, "m1", "a@x.example", "hard", "verp", NOW) &&
			  check(t->b, "a@x.example") == SUPPRESSION_NONE,
	    "the same report does not bring it back");
	conform_check(put(t->a, "m2", "a@x.example", "hard", "verp", NOW) &&
			  check(t->b, "a@x.example") == SUPPRESSION_HARD,
	    "another mailing's does");
	bounce_register_clear(
	    t->b->bounces, (struct str){0}, NOW + 5, NOW + 9, &n, &f);
	conform_check(n == 2, "all since then: %lld", n);
	lists(t->a, "a@x.example hard 1 m2;b@x.example hard 1 m1;", "since");
	bounce_register_clear(
	    t->b->bounces, (struct str){0}, 0, NOW + 9, &n, &f);
	conform_check(n == 2, "what is cleared is not cleared again: %lld", n);
	lists(t->a, "", "all");
	bounce_register_count(t->a->bounces, STR("m1"), &n, &n, &f);
	put(t->b, "m4", "z@x.example", "soft", "verp", NOW);
}

/* Five in two weeks; a success between them begins anew. */
static void
check_success(struct conform *t)
{
	static const char *const ids[] = {"m1", "m2", "m3", "m4", "m5"};

	for (size_t i = 0; i < 5; i++) {
		int64_t at = NOW + (int64_t)i * 4 * DAY;

		deliver(t->a, ids[i], "a@x.example", OUTCOME_SENT, at);
		deliver(t->a, ids[i], "b@x.example", OUTCOME_SENT, at);
		put(t->b, ids[i], "a@x.example", "soft", "address", at + 1);
		put(t->b, ids[i], "b@x.example", "soft", "verp", at + 1);
	}
	lists(t->a, "a@x.example soft 5 m5;b@x.example soft 5 m5;", "five");
	deliver(
	    t->b, "m6~redirected", "b@x.example", OUTCOME_SENT, NOW + 17 * DAY);
	deliver(t->b, "m6", "b@x.example", OUTCOME_FAILED, NOW + 17 * DAY);
	conform_check(check(t->a, "b@x.example") == SUPPRESSION_SOFT,
	    "neither a test nor a failure is a success");
	deliver(t->b, "m7", "b@x.example", OUTCOME_SENT, NOW + 17 * DAY);
	lists(t->a, "a@x.example soft 5 m5;", "a message that arrived");
	put(t->a, "m7", "b@x.example", "policy", "verp", NOW + 17 * DAY);
	conform_check(check(t->b, "b@x.example") == SUPPRESSION_SOFT,
	    "it came back for another reason: no success");
}

/* n at the domain bounce hard, step ms apart, of all that there are. */
static void
make_outage(
    struct conform *t, const char *id, int n, int all, int64_t at, int64_t step)
{
	deliver_to(t->a, id, all, NULL, OUTCOME_SENT, at);
	conform_check(store_begin(t->b, false, &f) == 0, "begin");
	for (int i = 0; i < n; i++) {
		char key[40];

		snprintf(key, sizeof(key), "%s-%d@x.example", id, i);
		put_one(t->b, id, key, "hard", "verp", at + i * step);
	}
	conform_check(store_commit(t->b, &f) == 0, "%d bounce", n);
}

static long long
count_out(struct store *s)
{
	struct buf b = {0};
	long long n = 0;

	bounce_register_each(s->bounces, add_name, &b, &f);
	for (size_t i = 0; i < b.len; i++)
		n += b.p[i] == ';';
	buf_free(&b);
	return n;
}

static void
check_outage(struct conform *t)
{
	deliver(t->a, "o1", "o@sub.x.example", OUTCOME_SENT, NOW);
	deliver(t->a, "o1", "o@prex.example", OUTCOME_SENT, NOW);
	deliver(t->a, "o1", "late@x.example", OUTCOME_SENT, NOW);
	make_outage(t, "o1", 31, 60, NOW, 1);
	conform_check(count_out(t->b) == 0, "31 of 61: an outage");
	conform_check(check(t->b, "o1-0@x.example") == SUPPRESSION_NONE,
	    "asked about one");
	deliver(t->a, "o0", "o1-1@x.example", OUTCOME_SENT, NOW + 2 * DAY);
	put(t->a, "o0", "o1-1@x.example", "hard", "verp", NOW + 2 * DAY);
	conform_check(check(t->b, "o1-1@x.example") == SUPPRESSION_HARD &&
			  count_out(t->b) == 1,
	    "another mailing hears it again");
	put(t->b, "o1", "late@x.example", "hard", "verp", NOW + 30 * DAY);
	conform_check(count_out(t->b) == 2 &&
			  check(t->a, "late@x.example") == SUPPRESSION_HARD,
	    "one that comes weeks later frees nobody and is not freed");
}

static void
check_no_outage(struct conform *t)
{
	make_outage(t, "p1", 31, 62, NOW, 1);
	conform_check(count_out(t->b) == 31, "31 of 62: half of them");
	make_outage(t, "p2", 30, 31, NOW, 1);
	conform_check(count_out(t->b) == 61, "30 of 31: thirty");
	make_outage(t, "p3", 40, 41, NOW, DAY);
	conform_check(count_out(t->b) == 101, "40 in as many days");
}

static void
check_last(struct conform *t)
{
	struct buf id = {0};
	bool found = true;

	bounce_register_last(
	    t->b->bounces, STR("a@x.example"), &found, &id, &f);
	conform_check(!found && id.len == 0, "mailed by nobody");
	deliver(t->a, "m1", "a@x.example", OUTCOME_SENT, NOW);
	deliver(t->a, "m2", "a@x.example", OUTCOME_SENT, NOW + 2);
	deliver(t->a, "m3", "a@x.example", OUTCOME_FAILED, NOW + 3);
	deliver(t->a, "m4~redirected", "a@x.example", OUTCOME_SENT, NOW + 4);
	deliver(t->a, "m5", "b@x.example", OUTCOME_SENT, NOW + 5);
	bounce_register_last(
	    t->b->bounces, STR("a@x.example"), &found, &id, &f);
	conform_check(
	    found && str_is(buf_str(&id), "m2"), "last: %s", buf_cstr(&id));
	buf_free(&id);
}

/* What a run knows, while another process changes the register. */
static void
check_runs(struct conform *t)
{
	struct ledger_item it = make_item("w", "a@x.example");
	struct ledger_item *items[] = {&it};
	const struct claim_policy none = {0};
	struct suppressed *s = suppressed_new(t->a->bounces);
	struct ledger *l = NULL;
	bool out = true;
	long long n;

	if (ledger_open(&l, t->a, LEDGER_PROCESS, NULL, &f) < 0 ||
	    ledger_claim(l, items, 1, &none, NOW, &f) < 0)
		conform_check(false, "claim");
	for (int i = 0; i < 6; i++) {
		char id[8];

		snprintf(id, sizeof(id), "m%d", i);
		if (i % 2 == 1)
			put(t->b, id, "a@x.example", "hard", "verp", NOW);
		else if (i > 0)
			bounce_register_clear(
			    t->b->bounces, STR("a@x.example"), 0, NOW, &n, &f);
		conform_check(ledger_look(l, &it, &f) == 0 &&
				  suppressed_check(s, it.look.bounces, it.key,
				      &out, &f) == 0 &&
				  out == (i % 2 == 1),
		    "look %d: %d", i, out);
	}
	ledger_release(l, &it);
	conform_check(ledger_close(l, &f) == 0, "close");
	suppressed_free(s);
}

static void
check_transactions(struct conform *t)
{
	struct bounce_row row =
	    make_row("m1", "a@x.example", "hard", "verp", NOW);
	bool added = false;

	conform_check(
	    store_begin(t->a, false, &f) == 0 &&
		bounce_register_put(t->a->bounces, &row, &added, &f) == 0 &&
		added,
	    "a put in a transaction");
	conform_check(check(t->a, "a@x.example") == SUPPRESSION_HARD,
	    "is seen by itself");
	conform_check(check(t->b, "a@x.example") == SUPPRESSION_NONE,
	    "and not by others");
	conform_check(bounce_register_add(t->b->bounces, &row, &added, &f) < 0,
	    "who must wait");
	store_rollback(t->a);
	conform_check(
	    check(t->a, "a@x.example") == SUPPRESSION_NONE, "rolled back");
	put(t->b, "m1", "a@x.example", "hard", "verp", NOW);
	conform_check(store_begin_read(t->a, &f) == 0 &&
			  check(t->a, "b@x.example") == SUPPRESSION_NONE,
	    "a read transaction");
	put(t->b, "m1", "b@x.example", "hard", "verp", NOW);
	conform_check(
	    check(t->a, "b@x.example") == SUPPRESSION_NONE, "sees one moment");
	store_end_read(t->a, &f);
	conform_check(check(t->a, "b@x.example") == SUPPRESSION_HARD,
	    "and the next the next");
}

int
main(void)
{
	static const struct conform_case cases[] = {
	    {"ranks", check_ranks},
	    {"counts", check_counts},
	    {"people", check_people},
	    {"again", check_again},
	    {"clear", check_clear},
	    {"taken back", check_taken_back},
	    {"refusals", check_refusals},
	    {"success", check_success},
	    {"outage", check_outage},
	    {"no outage", check_no_outage},
	    {"last", check_last},
	    {"runs", check_runs},
	    {"transactions", check_transactions},
	};
	static const enum memory_fault faults[] = {MEMORY_FAULT_EARLY,
	    MEMORY_FAULT_PRIVATE, MEMORY_FAULT_KEPT, MEMORY_FAULT_CROWDED,
	    MEMORY_FAULT_RESTLESS, MEMORY_FAULT_BESIDE, MEMORY_FAULT_UNCLEARED,
	    MEMORY_FAULT_CLEAR_ALL, MEMORY_FAULT_SUBDOMAIN,
	    MEMORY_FAULT_RETURNED, MEMORY_FAULT_REFUSED,
	    MEMORY_FAULT_TAKEN_BACK, MEMORY_FAULT_UNCOUNTED, MEMORY_FAULT_NONE};

	return CONFORM_RUN(cases, faults);
}
