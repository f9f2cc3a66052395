#include "memory/conform.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "port/db/db_open.h"
#include "port/open/store_open_file.h"

#define WAIT_MS 200 /* for the lock of the other process */

static const char *const fault_names[MEMORY_FAULTS] = {
    [MEMORY_FAULT_EARLY] = "seen before the commit",
    [MEMORY_FAULT_PRIVATE] = "never seen by another process",
    [MEMORY_FAULT_KEPT] = "a rollback that keeps",
    [MEMORY_FAULT_CROWDED] = "two write transactions at a time",
    [MEMORY_FAULT_RESTLESS] = "a read transaction of two moments",
    [MEMORY_FAULT_NO_KEY] = "an opt-out by key that is not seen",
    [MEMORY_FAULT_NO_ALL] = "an opt-out of all mail that is not seen",
    [MEMORY_FAULT_FIRST] = "the first row of a name counts",
    [MEMORY_FAULT_UNTOLD] = "an erased person's opt-out that is not seen",
    [MEMORY_FAULT_OWN] = "an operator's opt-out as the person's own",
    [MEMORY_FAULT_BESIDE] = "a bounce beside the one before",
    [MEMORY_FAULT_UNCLEARED] = "a cleared bounce that counts",
    [MEMORY_FAULT_CLEAR_ALL] = "a clear without regard to the person",
    [MEMORY_FAULT_SUBDOMAIN] = "a domain with those that end as it does",
    [MEMORY_FAULT_RETURNED] = "a success that came back",
    [MEMORY_FAULT_REFUSED] = "a refusal that is counted as a bounce",
    [MEMORY_FAULT_TAKEN_BACK] = "a refusal that was taken back",
    [MEMORY_FAULT_UNCOUNTED] = "a change of bounces that a look does not tell",
    [MEMORY_FAULT_TWICE] = "a grant that is given twice",
    [MEMORY_FAULT_WINDOW] = "grants of the longer span that are not kept",
    [MEMORY_FAULT_FACTOR] = "a complaint that is not kept",
    [MEMORY_FAULT_ACCOUNTS] = "accounts that share their grants",
    [MEMORY_FAULT_EMPTY] = "an empty text that is kept",
    [MEMORY_FAULT_CLEAR] = "losses that are cleared with the answers",
    [MEMORY_FAULT_TOPICS] = "topics that are one",
    [MEMORY_FAULT_SECOND] = "a stop beside the one before",
    [MEMORY_FAULT_ENDLESS] = "a stop that does not end",
    [MEMORY_FAULT_LIFT_ALL] = "a lift without regard to the key",
    [MEMORY_FAULT_WIDE] = "a relay's stop for its account only",
    [MEMORY_FAULT_OWNERLESS] = "a claim without owner",
    [MEMORY_FAULT_UNFENCED] = "an intent without owner",
    [MEMORY_FAULT_LOST_REFUSAL] = "a sync that loses a refused intent",
    [MEMORY_FAULT_SETTLE_FIRST] = "settle before intent",
    [MEMORY_FAULT_LATE_INTENT] = "an intent that is durable too late",
    [MEMORY_FAULT_FORGETS] = "a recovery that forgets an intent",
    [MEMORY_FAULT_LATE_STATE] = "a state that is read late",
    [MEMORY_FAULT_LATE_OPTOUT] = "an opt-out that is read late",
    [MEMORY_FAULT_NO_OPTOUT] = "an opt-out that the ledger does not see",
    [MEMORY_FAULT_UNCLAIMED] = "a state that the claim does not see",
};

static const char *running; /* the store and the case; NULL: with a fault */
static int count, failed, found;

static void
put_result(bool good, const char *name)
{
	count++;
	failed += !good;
	printf("%sok %d - %s\n", good ? "" : "not ", count, name);
}

bool
conform_check(bool good, const char *fmt, ...)
{
	char text[200];
	va_list ap;
	int n;

	if (running == NULL) {
		found += !good;
		return good;
	}
	n = snprintf(text, sizeof(text), "%s: ", running);
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, ap);
	va_end(ap);
	put_result(good, text);
	return good;
}

static void
run_in_memory(const struct conform_case *c, enum memory_fault fault)
{
	struct memory_place *place = memory_place_new(fault);
	struct conform two = {.a = memory_store_open(place),
	    .b = memory_store_open(place),
	    .place = place};

	c->run(&two);
	store_close(two.a);
	store_close(two.b);
	memory_place_free(place);
}

static void
open_or_exit(struct store **s, const char *path)
{
	struct fail f;

	if (store_open_file(s, path, STORE_WRITE, waiting_quiet(WAIT_MS), &f) <
	    0) {
		printf("Bail out! %s\n", f.text);
		exit(2);
	}
}

static struct ledger *
open_ledger(struct store *s)
{
	struct ledger *l;
	struct fail f;

	if (ledger_open(&l, s, LEDGER_PROCESS, NULL, &f) < 0) {
		printf("Bail out! %s\n", f.text);
		exit(2);
	}
	return l;
}

void
conform_kill(struct conform *t, conform_work_fn *work)
{
	struct store *s;
	struct ledger *l;
	pid_t pid;

	if (t->place != NULL) {
		s = memory_store_open(t->place);
		l = open_ledger(s);
		work(l);
		memory_sender_kill(l);
		store_close(s);
		return;
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		open_or_exit(&s, t->path);
		work(open_ledger(s));
		_exit(0);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

bool
conform_expire(struct conform *t, struct ledger *l)
{
	if (t->place == NULL)
		return false;
	memory_sender_expire(l);
	return true;
}

static void
run_in_sqlite(const struct conform_case *c)
{
	char dir[] = "/tmp/bm-unit-conform-XXXXXX", path[80], command[80];
	struct conform two = {.path = path};
	struct fail f;
	struct db *db;

	if (mkdtemp(dir) == NULL)
		exit(2);
	snprintf(path, sizeof(path), "%s/db", dir);
	if (db_open(&db, path, DB_CREATE, waiting_quiet(WAIT_MS), &f) == 0)
		db_close(db);
	open_or_exit(&two.a, path);
	open_or_exit(&two.b, path);
	c->run(&two);
	store_close(two.a);
	store_close(two.b);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	if (system(command) != 0)
		exit(2);
}

static void
run_named(const struct conform_case *c, const char *store)
{
	char name[100];

	snprintf(name, sizeof(name), "%s: %s", store, c->name);
	running = name;
	if (store[0] == 'm')
		run_in_memory(c, MEMORY_FAULT_NONE);
	else
		run_in_sqlite(c);
	running = NULL;
}

int
conform_run(
    const struct conform_case *cases, size_t n, const enum memory_fault *faults)
{
	for (size_t i = 0; i < n; i++) {
		run_named(&cases[i], "SQLite");
		run_named(&cases[i], "memory");
	}
	for (; *faults != MEMORY_FAULT_NONE; faults++) {
		char name[100];

		found = 0;
		for (size_t i = 0; i < n; i++)
			run_in_memory(&cases[i], *faults);
		snprintf(name, sizeof(name), "found: %s", fault_names[*faults]);
		put_result(found > 0, name);
	}
	printf("1..%d\n", count);
	return failed > 0;
}
