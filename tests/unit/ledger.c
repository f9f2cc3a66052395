/*
 * The ledger's promise, case by case. Several ledgers on one database stand
 * for several processes; a child that exits without closing is a crash.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "port/db/db_open.h"
#include "port/ledger_sqlite/decision.h"
#include "port/ledger_sqlite/forget.h"
#include "port/ledger_sqlite/sender.h"
#include "port/open/store_open.h"
#include "unit.h"

#define NOW 1000000

static char dir[] = "/tmp/bm-unit-XXXXXX";
static char path[64];

static struct ledger_item
item(const char *key)
{
	return (struct ledger_item){.email_id = STR("week3"),
	    .key = str_of(key),
	    .course_id = STR("course-v1:U+C+1"),
	    .content = STR("aa"),
	    .email = str_of(key)};
}

static struct db *
open_db(void)
{
	struct fail f;
	struct db *db;

	if (db_open(&db, path, DB_WRITE, waiting_quiet(5000), &f) < 0) {
		printf("Bail out! %s\n", f.text);
		exit(2);
	}
	return db;
}

static struct ledger *
open_ledger(struct db *db)
{
	struct fail f;
	struct ledger *l;

	if (sender_open(&l, NULL, db, LEDGER_PROCESS, NULL, &f) < 0) {
		printf("Bail out! %s\n", f.text);
		exit(2);
	}
	return l;
}

static enum claim_verdict
claim(struct ledger *l, struct ledger_item *it, struct claim_policy policy,
    int64_t now)
{
	struct ledger_item *items[] = {it};
	struct fail f = {0};

	if (ledger_claim(l, items, 1, &policy, now, &f) < 0) {
		printf("# %s\n", f.text);
		return (enum claim_verdict)99;
	}
	return it->verdict;
}

static void
settle(struct ledger *l, struct ledger_item *it, enum outcome_status status,
    const char *class, int64_t next_try)
{
	struct outcome o = {.status = status,
	    .class = class,
	    .stage = "dot",
	    .next_try = next_try};
	struct fail f;

	ledger_intend(l, it, NOW);
	ledger_sync(l, &f);
	ledger_settle(l, it, &o, NOW);
	ledger_sync(l, &f);
}

/* The verdict that a new process gets for this key. */
static enum claim_verdict
ask(const char *key, struct claim_policy policy, int64_t now)
{
	struct db *db = open_db();
	struct ledger *l = open_ledger(db);
	struct ledger_item it = item(key);
	enum claim_verdict v = claim(l, &it, policy, now);
	struct fail f;

	ledger_close(l, &f);
	db_close(db);
	return v;
}

/* Runs a crash in a child, which exits without closing its ledger. */
static void
in_child(void (*crash)(struct ledger *))
{
	pid_t pid = fork();

	if (pid == 0) {
		crash(open_ledger(open_db()));
		_exit(0);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void
crash_claimed(struct ledger *l)
{
	static struct ledger_item it;

	it = item("claimed@x");
	claim(l, &it, (struct claim_policy){0}, NOW);
}

static void
crash_intent(struct ledger *l)
{
	static struct ledger_item it;
	struct fail f;

	it = item("intent@x");
	claim(l, &it, (struct claim_policy){0}, NOW);
	ledger_intend(l, &it, NOW);
	ledger_sync(l, &f);
}

static void
crash_buffered(struct ledger *l)
{
	static struct ledger_item it;

	it = item("buffered@x");
	claim(l, &it, (struct claim_policy){0}, NOW);
	ledger_intend(l, &it, NOW); /* not durable: the gate never opened */
}

static void
crash_sent(struct ledger *l)
{
	static struct ledger_item it;

	it = item("sent@x");
	claim(l, &it, (struct claim_policy){0}, NOW);
	settle(l, &it, OUTCOME_SENT, "ok", 0);
}

static void
crash_released(struct ledger *l)
{
	static struct ledger_item it;
	struct fail f;

	it = item("released@x");
	claim(l, &it, (struct claim_policy){0}, NOW);
	ledger_intend(l, &it, NOW);
	ledger_sync(l, &f);
	ledger_release(l, &it);
	ledger_sync(l, &f);
}

/* Deferred, folded, claimed again, then an intent: the intent counts. */
static void
crash_second_attempt(struct ledger *l)
{
	static struct ledger_item it;
	struct fail f;

	it = item("second@x");
	claim(l, &it, (struct claim_policy){0}, NOW);
	settle(l, &it, OUTCOME_DEFERRED, "greylisted", NOW + 1);
	ledger_flush(l, &f);
	it = item("second@x");
	claim(l, &it, (struct claim_policy){0}, NOW + 2);
	ledger_intend(l, &it, NOW + 2);
	ledger_sync(l, &f);
}

static void
crash_deferred_claimed(struct ledger *l)
{
	static struct ledger_item it;
	struct fail f;

	it = item("third@x");
	claim(l, &it, (struct claim_policy){0}, NOW);
	settle(l, &it, OUTCOME_DEFERRED, "greylisted", NOW + 1);
	ledger_flush(l, &f);
	it = item("third@x");
	claim(l, &it, (struct claim_policy){0}, NOW + 2);
}

/* The relay said "not now": the process waits for its next try. */
static void
withdraw(struct ledger *l, struct ledger_item *it, const char *key)
{
	struct outcome o = {.status = OUTCOME_DEFERRED,
	    .class = "throttled",
	    .stage = "dot",
	    .code = 450,
	    .reply = STR("slow down"),
	    .next_try = NOW + 5};
	struct fail f;

	*it = item(key);
	claim(l, it, (struct claim_policy){0}, NOW);
	ledger_intend(l, it, NOW);
	ledger_sync(l, &f);
	ledger_withdraw(l, it, &o, NOW + 1, &f);
}

static void
crash_withdrawn(struct ledger *l)
{
	static struct ledger_item it;

	withdraw(l, &it, "withdrawn@x");
}

static void
crash_withdrawn_again(struct ledger *l)
{
	static struct ledger_item it;
	struct fail f;

	withdraw(l, &it, "again@x");
	ledger_intend(l, &it, NOW + 6);
	ledger_sync(l, &f);
}

static void
crash_withdrawn_sent(struct ledger *l)
{
	static struct ledger_item it;

	withdraw(l, &it, "late@x");
	settle(l, &it, OUTCOME_SENT, "ok", 0);
}

/* Lines that were buffered when another was withdrawn still want a sync. */
static void
crash_withdrawn_beside(struct ledger *l)
{
	static struct ledger_item it, other;
	struct outcome o = {
	    .status = OUTCOME_DEFERRED, .class = "throttled", .stage = "dot"};
	struct fail f;

	withdraw(l, &it, "one@x");
	if (ledger_unsynced(l))
		_exit(0); /* the line asks for no sync of its own */
	other = item("beside@x");
	claim(l, &other, (struct claim_policy){0}, NOW);
	ledger_intend(l, &other, NOW);
	ledger_withdraw(l, &it, &o, NOW + 1, &f);
	if (ledger_unsynced(l) && ledger_sync(l, &f) == 0 &&
	    !ledger_unsynced(l))
		settle(l, &other, OUTCOME_SENT, "ok", 0);
}

/* Closed as after a failure: what was withdrawn has its outcome. */
static void
close_withdrawn(struct ledger *l)
{
	static struct ledger_item it;
	struct fail f;

	withdraw(l, &it, "closed@x");
	ledger_close(l, &f);
}

static void
test_crashes(void)
{
	const struct {
		void (*crash)(struct ledger *);
		const char *key;
		enum claim_verdict want;
		const char *name;
	} cases[] = {
	    {crash_claimed, "claimed@x", CLAIM_YOURS,
		"a claim without intent is given back"},
	    {crash_intent, "intent@x", CLAIM_IN_DOUBT,
		"an intent without outcome is in doubt"},
	    {crash_buffered, "buffered@x", CLAIM_YOURS,
		"an intent that was not durable is none"},
	    {crash_sent, "sent@x", CLAIM_FINAL,
		"an outcome in the journal is final"},
	    {crash_released, "released@x", CLAIM_YOURS,
		"a released intent is none"},
	    {crash_second_attempt, "second@x", CLAIM_IN_DOUBT,
		"the last fact of a recipient wins"},
	    {crash_deferred_claimed, "third@x", CLAIM_YOURS,
		"a deferred row claimed in vain is deferred again"},
	    {crash_withdrawn, "withdrawn@x", CLAIM_YOURS,
		"a withdrawn intent is no doubt"},
	    {crash_withdrawn_again, "again@x", CLAIM_IN_DOUBT,
		"an intent after a withdrawn one counts"},
	    {crash_withdrawn_sent, "late@x", CLAIM_FINAL,
		"the outcome of a second try counts"},
	    {crash_withdrawn_beside, "beside@x", CLAIM_FINAL,
		"an intent beside a withdrawn one is synced"},
	    {close_withdrawn, "closed@x", CLAIM_YOURS,
		"a withdrawn intent is no doubt when the ledger is closed"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		in_child(cases[i].crash);
		ok(ask(cases[i].key, (struct claim_policy){0}, NOW + 9) ==
			cases[i].want,
		    "crash: %s", cases[i].name);
	}
}

static void
test_withdrawn(void)
{
	in_child(crash_withdrawn);
	ok(ask("withdrawn@x", (struct claim_policy){0}, NOW + 4) ==
		CLAIM_NOT_YET,
	    "a withdrawn intent has its next try");
	in_child(close_withdrawn);
	ok(ask("closed@x", (struct claim_policy){0}, NOW + 4) == CLAIM_NOT_YET,
	    "and when the ledger is closed");
}

static void
test_two_processes(void)
{
	struct db *a = open_db(), *b = open_db();
	struct ledger *la = open_ledger(a), *lb = open_ledger(b);
	struct ledger_item one = item("two@x"), two = item("two@x");
	struct ledger_item again = item("two@x");
	struct claim_policy none = {0};
	struct fail f;

	ok(claim(la, &one, none, NOW) == CLAIM_YOURS, "the first gets it");
	ok(claim(lb, &two, none, NOW) == CLAIM_BUSY, "the second: busy");
	ok(claim(la, &again, none, NOW) == CLAIM_AGAIN,
	    "the first once more: again");
	settle(la, &one, OUTCOME_SENT, "ok", 0);
	ledger_flush(la, &f);
	ok(claim(lb, &two, none, NOW) == CLAIM_FINAL && two.was == OUTCOME_SENT,
	    "then the second learns that it was sent");
	ledger_close(la, &f);
	ledger_close(lb, &f);
	db_close(a);
	db_close(b);
}

static void
test_policies(void)
{
	struct db *db = open_db();
	struct ledger *l = open_ledger(db);
	struct ledger_item it = item("p@x"), failed = item("q@x");
	struct ledger_item dead = item("r@x"), broke = item("s@x");
	struct claim_policy none = {0}, doubt = {.resend_in_doubt = true};
	struct claim_policy refused = {.retry_class = "refused"};
	struct claim_policy mailbox = {.retry_class = "bad_mailbox"};
	struct claim_policy breaker = {.retry_class = "breaker"};
	struct claim_policy optout = {.retry_class = "optout"};
	struct claim_policy cancelled = {.retry_class = "cancelled"};
	struct ledger_item out = item("t@x"), gone = item("v@x");
	struct fail f;

	claim(l, &out, none, NOW);
	settle(l, &out, OUTCOME_SKIPPED, "optout", 0);
	claim(l, &gone, none, NOW);
	settle(l, &gone, OUTCOME_SKIPPED, "cancelled", 0);
	claim(l, &it, none, NOW);
	settle(l, &it, OUTCOME_DEFERRED, "greylisted", NOW + 500);
	claim(l, &failed, none, NOW);
	settle(l, &failed, OUTCOME_FAILED, "refused", 0);
	claim(l, &dead, none, NOW);
	settle(l, &dead, OUTCOME_FAILED, "bad_mailbox", 0);
	claim(l, &broke, none, NOW);
	settle(l, &broke, OUTCOME_DEFERRED, "breaker", 0);
	ledger_close(l, &f);
	db_close(db);
	ok(ask("p@x", none, NOW + 499) == CLAIM_NOT_YET, "before next_try");
	ok(ask("p@x", none, NOW + 500) == CLAIM_YOURS, "at next_try");
	ok(ask("q@x", none, NOW) == CLAIM_FINAL, "failed is final");
	ok(ask("q@x", refused, NOW) == CLAIM_YOURS, "--retry reopens it");
	ok(ask("q@x", none, NOW) == CLAIM_FINAL,
	    "reopened in vain, it is failed again");
	ok(ask("r@x", mailbox, NOW) == CLAIM_FINAL,
	    "a bad mailbox is never reopened");
	ok(ask("s@x", none, NOW + 999999) == CLAIM_NOT_YET,
	    "the breaker's victims wait for a person");
	ok(ask("s@x", breaker, NOW) == CLAIM_YOURS, "who lets them go");
	ok(ask("t@x", refused, NOW) == CLAIM_FINAL, "skipped is final");
	ok(ask("t@x", optout, NOW) == CLAIM_YOURS,
	    "--retry reopens an opt-out");
	ok(ask("v@x", cancelled, NOW) == CLAIM_FINAL,
	    "and nothing that was cancelled");
	ok(ask("intent@x", none, NOW) == CLAIM_IN_DOUBT, "doubt is held");
	ok(ask("intent@x", doubt, NOW) == CLAIM_YOURS, "and resent if told");
	ok(ask("intent@x", none, NOW) == CLAIM_IN_DOUBT,
	    "claimed in vain, it is in doubt again");
}

/* A row that a person reopens has its whole lifetime again. */
static void
test_lifetime(void)
{
	const struct {
		const char *class;
		enum outcome_status status;
		bool by_retry;
		bool anew;
	} cases[] = {
	    {"gave_up", OUTCOME_FAILED, true, true},
	    {"expired", OUTCOME_SKIPPED, true, true},
	    {"breaker", OUTCOME_DEFERRED, true, true},
	    {"busy_relay", OUTCOME_DEFERRED, true, true},
	    {"busy_relay", OUTCOME_DEFERRED, false, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct db *db = open_db();
		struct ledger *l = open_ledger(db);
		struct claim_policy none = {0}, retry = {0};
		struct ledger_item it;
		char key[16];
		struct fail f;

		snprintf(key, sizeof(key), "life%zu@x", i);
		it = item(key);
		if (cases[i].by_retry)
			retry.retry_class = cases[i].class;
		claim(l, &it, none, NOW);
		settle(l, &it, cases[i].status, cases[i].class, 0);
		ledger_flush(l, &f);
		ok(claim(l, &it, retry, NOW) == CLAIM_YOURS, "%s: reopened",
		    cases[i].class);
		ok((it.first == 0) == cases[i].anew, "%s: first %lld",
		    cases[i].class, (long long)it.first);
		/* The new first attempt is the one that the row has. */
		settle(l, &it, OUTCOME_DEFERRED, "greylisted", 0);
		ledger_flush(l, &f);
		claim(l, &it, none, NOW);
		ok(it.first == NOW, "%s: stored", cases[i].class);
		ledger_close(l, &f);
		db_close(db);
	}
}

/* Every change of a cancelled mailing's state; it is open at the end. */
static void
test_cancelled_is_final(struct db *db)
{
	const enum ledger_state states[] = {LEDGER_OPEN, LEDGER_HELD};
	struct db_statement *st;
	struct fail f;

	for (size_t i = 0; i < 2; i++) {
		ok(decision_set_state(db, STR("week3"), states[i], &f) == -1 &&
			f.kind == FAIL_SYSTEM &&
			strstr(f.text, "another --id") != NULL,
		    "cancelled does not become %s",
		    ledger_state_name(states[i]));
		ok(decision_set_state(db, STR("week3"), LEDGER_CANCELLED, &f) ==
			0,
		    "cancelled stays cancelled");
	}
	ok(db_prepare(db, &st, "UPDATE emails SET state='open'", &f) == 0 &&
		db_step(db, st, &f) == 0,
	    "the state is put back");
}

/* The state that stands against a message of the mailing. */
static enum ledger_state
look(struct db *db, const char *mailing)
{
	struct ledger_item it = item("m@x");
	struct store *store;
	struct ledger *l;
	struct fail f;

	it.state_of = str_of(mailing);
	it.look.state = LEDGER_PRUNED;
	if (store_open(&store, db, &f) < 0 ||
	    ledger_open(&l, store, LEDGER_PROCESS, NULL, &f) < 0 ||
	    ledger_look(l, &it, &f) < 0 || ledger_close(l, &f) < 0)
		printf("# %s\n", f.text);
	store_close(store);
	return it.look.state;
}

static void
test_mailing(void)
{
	struct db *db = open_db();
	struct ledger *l = open_ledger(db);
	struct ledger_item other = item("m@x"), course = item("m@x");
	struct ledger_item fine = item("m@x");
	struct claim_policy none = {0}, accept = {.accept_content = true};
	struct fail f;

	other.content = STR("bb");
	course.course_id = STR("course-v1:U+C+2");
	ok(claim(l, &other, none, NOW) == 99, "another text is refused");
	ok(claim(l, &course, accept, NOW) == 99, "another course always");
	ok(decision_set_state(db, STR("week3"), LEDGER_HELD, &f) == 0 &&
		look(db, "week3") == LEDGER_HELD &&
		claim(l, &fine, none, NOW) == CLAIM_HELD,
	    "a held mailing is not claimed");
	ok(decision_set_state(db, STR("week3"), LEDGER_CANCELLED, &f) == 0 &&
		claim(l, &fine, none, NOW) == CLAIM_CANCELLED,
	    "a cancelled one is claimed to be settled");
	ledger_release(l, &fine);
	ok(decision_set_state(db, STR("week4"), LEDGER_OPEN, &f) == -1 &&
		decision_assume_sent(
		    db, STR("week4"), NOW, &(long long){0}, &f) == -1,
	    "unknown mailings are named");
	test_cancelled_is_final(db);
	ok(look(db, "week4") == LEDGER_OPEN, "an unknown mailing is open");
	ledger_close(l, &f);
	ok(ask("m@x", none, NOW) == CLAIM_YOURS, "nothing stuck to the row");
	l = open_ledger(db);
	ok(claim(l, &other, accept, NOW) == CLAIM_YOURS,
	    "--accept-content takes the new text");
	ledger_close(l, &f);
	db_close(db);
}

/* Without its journal, what an owner sent is unknown. */
static void
test_lost_journal(void)
{
	char command[128];

	in_child(crash_claimed);
	snprintf(command, sizeof(command), "rm -f %s-run/*.log", path);
	ok(system(command) == 0, "the journal is lost");
	ok(ask("claimed@x", (struct claim_policy){0}, NOW) == CLAIM_IN_DOUBT,
	    "its claims are in doubt");
}

#define LONG_RUN 16384
#define CHUNK 256

/* One intent stays open all the time, as with a pipelined connection. */
static void
crash_long_run(struct ledger *l)
{
	static struct ledger_item items[CHUNK], held, slow, refused, again;
	static char keys[CHUNK][32];
	struct ledger_item *some[CHUNK];
	struct claim_policy none = {0};
	struct outcome o = {.status = OUTCOME_SENT,
	    .class = "ok",
	    .stage = "dot",
	    .reply = STR("2.0.0 Ok: queued as 4W2xqz1Xyz")};
	struct fail f;

	held = item("held@x");
	claim(l, &held, none, NOW);
	ledger_intend(l, &held, NOW);
	withdraw(l, &slow, "slow@x");
	refused = item("over@x");
	again = item("twice@x");
	claim(l, &refused, none, NOW);
	settle(l, &refused, OUTCOME_FAILED, "refused", 0);
	claim(l, &again, none, NOW);
	ledger_intend(l, &again, NOW);
	settle(l, &again, OUTCOME_FAILED, "refused", 0);
	for (int i = 0; i < LONG_RUN; i += CHUNK) {
		for (int j = 0; j < CHUNK; j++) {
			snprintf(keys[j], sizeof(keys[j]), "long%d@x", i + j);
			items[j] = item(keys[j]);
			some[j] = &items[j];
		}
		ledger_claim(l, some, CHUNK, &none, NOW, &f);
		for (int j = 0; j < CHUNK; j++) {
			ledger_intend(l, &items[j], NOW);
			ledger_settle(l, &items[j], &o, NOW);
		}
		ledger_sync(l, &f);
		ledger_fold(l, NOW, &f);
	}
}

static int64_t
count_sent(struct db *db)
{
	struct db_statement *st;
	struct fail f;
	int64_t n = -1;

	if (db_prepare(db, &st,
		"SELECT count(*) FROM deliveries"
		" WHERE email_id='week3' AND state='sent'",
		&f) == 0 &&
	    db_step(db, st, &f) == 1)
		n = db_int(st, 0);
	db_reset(st);
	return n;
}

static void
test_long_run(void)
{
	char command[128];
	struct ledger *l;
	struct db *db;
	struct fail f;

	in_child(crash_long_run);
	snprintf(command, sizeof(command),
	    "test $(cat %s-run/*.log | wc -c) -lt 4200000", path);
	ok(system(command) == 0, "a journal stays short in a long run");
	ok(ask("held@x", (struct claim_policy){0}, NOW) == CLAIM_IN_DOUBT,
	    "an intent outlives the journal's renewal");
	ok(ask("slow@x", (struct claim_policy){0}, NOW + 4) == CLAIM_NOT_YET,
	    "a withdrawn one does");
	ok(ask("over@x", (struct claim_policy){0}, NOW) == CLAIM_FINAL &&
		ask("twice@x", (struct claim_policy){0}, NOW) == CLAIM_FINAL,
	    "one that has an outcome does not");
	db = open_db();
	l = open_ledger(db);
	ledger_close(l, &f);
	ok(count_sent(db) == LONG_RUN + 4, "every outcome became a row");
	db_close(db);
}

static void
remove_all(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		puts("# left behind");
}

/* A reader that began before keeps old pages in the log. */
static void
test_forget_beside_a_reader(void)
{
	struct db *reader = open_db(), *db;
	struct db_statement *st;
	struct forget_counts n;
	struct fail f = {0};

	db_open(&db, path, DB_WRITE, waiting_quiet(50), &f);
	db_exec(
	    db, "INSERT INTO users(id, email, key) VALUES('1', 'k', 'k')", &f);
	db_prepare(reader, &st, "SELECT id FROM users", &f);
	ok(db_step(reader, st, &f) == 1, "a reader in the middle");
	ok(forget_person(db, STR("k"), NULL, &n, &f) < 0 &&
		f.kind == FAIL_TEMP && n.users == 1,
	    "erased, but to be run again: %s", f.text);
	db_reset(st);
	ok(forget_person(db, STR("k"), NULL, &n, &f) == 0 && n.users == 0,
	    "the log can be emptied");
	db_close(reader);
	db_close(db);
}

int
main(void)
{
	struct fail f;
	struct db *db;

	if (mkdtemp(dir) == NULL)
		return 2;
	snprintf(path, sizeof(path), "%s/bm.db", dir);
	if (db_open(&db, path, DB_CREATE, waiting_quiet(5000), &f) < 0) {
		printf("Bail out! %s\n", f.text);
		return 2;
	}
	db_close(db);
	test_withdrawn();
	test_crashes();
	test_two_processes();
	test_policies();
	test_lifetime();
	test_lost_journal();
	test_long_run();
	test_mailing();
	test_forget_beside_a_reader();
	remove_all();
	return unit_end();
}
