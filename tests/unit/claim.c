/*
 * Claims and folds, row by row: what a claim answers of a mailing that is
 * uncertain, cancelled or changed, which rows a fold may touch, and what raises
 * the generation. Each case has a database of its own.
 */
#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "port/db/db_open.h"
#include "port/ledger_sqlite/decision.h"
#include "port/ledger_sqlite/forget.h"
#include "port/ledger_sqlite/sender.h"
#include "unit.h"

#define NOW 1000000
#define NOBODY 99 /* a claim that was refused */

static char dir[] = "/tmp/bm-unit-claim-XXXXXX";
static char path[100];
static struct db *db;
static struct ledger *ledger;
static struct fail why;

static void
shell(const char *format)
{
	char command[300];

	snprintf(command, sizeof(command), "cd %s && %s", dir, format);
	if (system(command) != 0)
		printf("# failed: %s\n", command);
}

static void
open_again(enum ledger_durability durability)
{
	if (db_open(&db, path, DB_CREATE, waiting_quiet(5000), &why) < 0 ||
	    sender_open(&ledger, NULL, db, durability, NULL, &why) < 0) {
		printf("Bail out! %s\n", why.text);
		exit(2);
	}
}

static void
begin(void)
{
	shell("rm -rf -- bm.db*");
	open_again(LEDGER_PROCESS);
}

static int
end(void)
{
	int rc = ledger_close(ledger, &why);

	db_close(db);
	return rc;
}

static struct ledger_item
item_of(const char *mailing, const char *key)
{
	return (struct ledger_item){.email_id = str_of(mailing),
	    .key = str_of(key),
	    .course_id = STR("c1"),
	    .content = STR("aa"),
	    .email = str_of(key)};
}

static int
claim_as(struct ledger_item *it, struct claim_policy policy)
{
	why = (struct fail){0};
	return ledger_claim(ledger, &it, 1, &policy, NOW, &why) < 0
		   ? NOBODY
		   : (int)it->verdict;
}

static int
claim(struct ledger_item *it)
{
	return claim_as(it, (struct claim_policy){0});
}

static void
settle(
    const struct ledger_item *it, enum outcome_status status, const char *class)
{
	struct outcome o = {.status = status,
	    .class = class,
	    .stage = "dot",
	    .next_try = status == OUTCOME_DEFERRED ? NOW + 1000 : 0};

	ledger_intend(ledger, it, NOW);
	ledger_settle(ledger, it, &o, NOW);
}

static void
run(const char *sql)
{
	if (db_exec(db, sql, &why) < 0)
		printf("# %s: %s\n", sql, why.text);
}

static int64_t
number(const char *sql)
{
	struct db_statement *st;
	int64_t n = -1;

	if (db_prepare(db, &st, sql, &why) == 0 && db_step(db, st, &why) == 1)
		n = db_int(st, 0);
	db_reset(st);
	return n;
}

static int64_t
generation(void)
{
	return number("SELECT counter FROM generation");
}

/* Number of the lines of the lock file with this text. */
static int
listed(const char *text)
{
	char command[200];
	FILE *p;
	int n = -1;

	snprintf(command, sizeof(command), "grep -ac '%s' %s-lock", text, path);
	p = popen(command, "r");
	if (p == NULL || fscanf(p, "%d", &n) != 1)
		n = -1;
	if (p != NULL)
		pclose(p);
	return n;
}

static int
files(const char *suffix)
{
	char folder[120];
	DIR *d;
	struct dirent *e;
	int n = 0;

	snprintf(folder, sizeof(folder), "%s-run", path);
	d = opendir(folder);
	while (d != NULL && (e = readdir(d)) != NULL)
		n += strstr(e->d_name, suffix) != NULL;
	closedir(d);
	return n;
}

static void
mark_uncertain(const char *mailing)
{
	bool known;

	if (decision_mark_uncertain(db, str_of(mailing), NOW, &known, &why) < 0)
		printf("# %s\n", why.text);
}

static void
test_uncertain(void)
{
	const struct claim_policy doubt = {.resend_in_doubt = true};
	const struct claim_policy retry = {.retry_class = "refused"};
	const struct claim_policy both = {
	    .resend_in_doubt = true, .retry_class = "refused"};
	struct ledger_item failed = item_of("w1", "failed@x");
	struct ledger_item absent = item_of("w1", "absent@x");
	struct ledger_item other = item_of("w2", "absent@x");
	struct ledger_item third = item_of("w3", "absent@x");
	struct ledger_item *chunk[] = {&absent, &other};

	begin();
	claim(&failed);
	settle(&failed, OUTCOME_FAILED, "refused");
	ledger_flush(ledger, &why);
	mark_uncertain("w1");
	ok(claim_as(&failed, retry) == CLAIM_FINAL,
	    "uncertain: a failed row is not tried again, it may have been");
	ok(claim_as(&failed, both) == CLAIM_YOURS,
	    "but by who says that doubt is resent");
	ok(ledger_claim(
	       ledger, chunk, 2, &(struct claim_policy){0}, NOW, &why) == 0 &&
		absent.verdict == CLAIM_IN_DOUBT && absent.attempt == 2 &&
		number("SELECT count(*) FROM deliveries WHERE key='absent@x'"
		       " AND email_id='w1' AND state='in_doubt'") == 1,
	    "who has no row is in doubt after one attempt");
	ok(other.verdict == CLAIM_YOURS,
	    "the next mailing of the chunk is not uncertain");
	absent = item_of("w1", "second@x");
	ok(claim_as(&absent, doubt) == CLAIM_YOURS && absent.was_in_doubt,
	    "resent, it counts as one that was in doubt");
	mark_uncertain("w3");
	ok(claim(&third) == CLAIM_IN_DOUBT && listed("\"id\":\"w3\"") == 1,
	    "a mailing that was not known: its course is taken, and listed");
	end();
}

static void
test_erased(void)
{
	struct ledger_item it = item_of("w1", "gone@x"), same = it;
	struct ledger_item other = item_of("w2", "gone@x");
	struct ledger_item *chunk[] = {&other, &same};
	struct forget_counts n;

	begin();
	claim(&it);
	settle(&it, OUTCOME_SENT, "ok");
	ledger_flush(ledger, &why);
	ok(forget_person(db, STR("gone@x"), NULL, &n, &why) == 0, "%s",
	    why.text);
	mark_uncertain("w1");
	ok(ledger_claim(
	       ledger, chunk, 2, &(struct claim_policy){0}, NOW, &why) == 0 &&
		same.verdict == CLAIM_FINAL && other.verdict == CLAIM_YOURS &&
		number("SELECT count(*) FROM deliveries WHERE"
		       " email_id='w1'") == 1,
	    "an erased person's row is final, also when uncertain");
	end();
}

static void
test_mailing(void)
{
	const struct claim_policy accept = {.accept_content = true};
	struct ledger_item a = item_of("w1", "a@x"), b = item_of("w1", "b@x");
	struct ledger_item c = item_of("w1", "c@x");
	struct ledger_item *two[] = {&a, &b}, *others[] = {&a, &c};

	begin();
	b.content = STR("bb");
	c.course_id = STR("c2");
	ok(ledger_claim(ledger, two, 2, &(struct claim_policy){0}, NOW, &why) <
		    0 &&
		strstr(why.text, "another text") != NULL,
	    "another content in the same claim: %s", why.text);
	ok(ledger_claim(
	       ledger, others, 2, &(struct claim_policy){0}, NOW, &why) < 0 &&
		strstr(why.text, "belongs to course") != NULL,
	    "another course in the same claim: %s", why.text);
	a.was_in_doubt = true;
	a.first = 77;
	ok(claim(&a) == CLAIM_YOURS && !a.was_in_doubt && a.first == 0,
	    "an item that is used again knows nothing of before");
	ok(listed("\"content\":\"aa\"") == 1, "the mailing is listed once");
	ok(claim_as(&b, accept) == CLAIM_YOURS &&
		listed("\"content\":\"bb\"") == 1,
	    "its new content, too");
	end();
}

static void
test_states(void)
{
	struct ledger_item it = item_of("w1", "late@x");
	struct ledger_item ahead = item_of("w1", "ahead@x");

	begin();
	claim(&it);
	claim(&ahead);
	settle(&it, OUTCOME_DEFERRED, "greylisted");
	settle(&ahead, OUTCOME_DEFERRED, "greylisted");
	ledger_flush(ledger, &why);
	run("UPDATE deliveries SET at=1059000 WHERE key='ahead@x'");
	ok(claim(&ahead) == CLAIM_NOT_YET, "a clock a little ahead");
	run("UPDATE deliveries SET at=1061000 WHERE key='ahead@x'");
	ok(claim(&ahead) == CLAIM_YOURS,
	    "what a clock far ahead has put off is due");
	ok(claim(&it) == CLAIM_NOT_YET, "not due");
	run("UPDATE emails SET state='cancelled'");
	ok(claim(&it) == CLAIM_CANCELLED,
	    "of a cancelled mailing it is claimed all the same");
	end();
}

/* Another's rows, and a statement that fails. */
static void
test_fold(void)
{
	struct ledger_item it = item_of("w1", "a@x"), b = item_of("w1", "b@x");
	struct ledger *first;

	begin();
	claim(&it);
	settle(&it, OUTCOME_DEFERRED, "greylisted");
	ledger_flush(ledger, &why);
	claim_as(&it, (struct claim_policy){.wait_over = true});
	first = ledger;
	sender_open(&ledger, NULL, db, LEDGER_PROCESS, NULL, &why);
	claim(&b);
	ledger_release(ledger, &it);
	ledger_flush(ledger, &why);
	ok(number("SELECT count(*) FROM deliveries WHERE key='a@x' AND"
		  " state='claimed' AND owner IS NOT NULL") == 1,
	    "a release gives back no row of another owner");
	ledger_close(first, &why);

	ledger_intend(ledger, &b, NOW);
	run("CREATE TRIGGER no BEFORE UPDATE OF state ON deliveries"
	    " WHEN new.key='b@x' BEGIN SELECT RAISE(ABORT, 'no'); END");
	settle(&b, OUTCOME_SENT, "ok");
	ok(ledger_flush(ledger, &why) < 0, "a fold that fails: %s", why.text);
	run("DROP TRIGGER no");
	ok(ledger_flush(ledger, &why) == 0 &&
		number("SELECT count(*) FROM deliveries WHERE key='b@x' AND"
		       " state='sent'") == 1,
	    "can be done again");
	end();
}

static void
test_release(void)
{
	struct ledger_item it = item_of("w1", "a@x"), b = item_of("w1", "b@x");

	begin();
	claim(&it);
	claim(&b);
	ledger_intend(ledger, &b, NOW);
	ledger_release(ledger, &it);
	ok(ledger_fold(ledger, NOW + 1, &why) == 0 &&
		number("SELECT count(*) FROM deliveries WHERE key='a@x'") == 0,
	    "a release is folded at once, for others to claim");
	ok(!ledger_unsynced(ledger) &&
		number("SELECT size FROM journals") > 300,
	    "with the lines that were not in the journal yet");
	settle(&b, OUTCOME_SENT, "ok");
	ok(ledger_fold(ledger, NOW + 249, &why) == 0 &&
		number("SELECT count(*) FROM deliveries WHERE key='b@x' AND"
		       " state='sent'") == 0,
	    "an outcome waits for others");
	end();
}

static void
crash(bool intend)
{
	struct ledger_item it = item_of("w1", "a@x");
	pid_t pid = fork();

	if (pid == 0) {
		open_again(LEDGER_POWER);
		claim(&it);
		if (intend)
			ledger_intend(ledger, &it, NOW);
		ledger_sync(ledger, &why);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* Each of them may be what an older copy does not know of. */
static void
test_generation(void)
{
	struct ledger_item it = item_of("w1", "b@x");
	int64_t before;

	begin();
	before = generation();
	claim(&it);
	ok(generation() == before + 1, "a claim raises the generation");
	settle(&it, OUTCOME_SENT, "ok");
	before = generation();
	ledger_flush(ledger, &why);
	ok(generation() == before + 1, "a fold does");
	end();
	for (int intend = 0; intend < 2; intend++) {
		open_again(LEDGER_POWER);
		end();
		crash(intend == 1);
		if (db_open(&db, path, DB_WRITE, waiting_quiet(5000), &why) < 0)
			printf("# %s\n", why.text);
		before = generation();
		sender_open(&ledger, NULL, db, LEDGER_POWER, NULL, &why);
		ok(intend == 1 ? generation() == before + 2
			       : generation() == before + 1,
		    intend == 1 ? "a recovered fact does, and its release"
				: "a claim that is given back does");
		end();
	}
}

/* The failures of other programs when the files of the ledger do not fit. */
static void
test_behind(void)
{
	struct ledger_item it = item_of("w1", "b@x");
	int64_t before;

	begin();
	end();
	crash(false);
	shell("rm bm.db-run/*.log");
	if (db_open(&db, path, DB_WRITE, waiting_quiet(5000), &why) < 0)
		printf("# %s\n", why.text);
	before = generation();
	sender_open(&ledger, NULL, db, LEDGER_POWER, NULL, &why);
	ok(generation() == before + 1,
	    "doubt for want of a journal raises the generation");
	run("UPDATE generation SET counter=counter-1");
	ok(claim(&it) == NOBODY && strstr(why.text, "is older") != NULL,
	    "a database behind its file: %s", why.text);
	end();
}

static void
test_close(void)
{
	struct ledger_item it = item_of("w1", "a@x");

	begin();
	claim(&it);
	settle(&it, OUTCOME_SENT, "ok");
	run("CREATE TRIGGER no BEFORE UPDATE OF state ON deliveries"
	    " BEGIN SELECT RAISE(ABORT, 'no'); END");
	ok(end() < 0 && files(".log") == 1,
	    "a journal that cannot be folded is kept: %s", why.text);

	begin();
	claim(&it);
	ledger_intend(ledger, &it, NOW);
	ledger_sync(ledger, &why);
	shell("printf x | dd of=$(ls bm.db-run/*.log) bs=1 conv=notrunc"
	      " status=none");
	ok(end() == 0 && files(".log") == 0 && files(".bad") == 1,
	    "one that was damaged meanwhile is set aside");
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 2;
	snprintf(path, sizeof(path), "%s/bm.db", dir);
	test_uncertain();
	test_erased();
	test_mailing();
	test_states();
	test_fold();
	test_release();
	test_generation();
	test_behind();
	test_close();
	shell("rm -rf bm.db*");
	(void)rmdir(dir);
	return unit_end();
}
