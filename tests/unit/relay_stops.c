#include "port/relay/relay_stops.h"

#include <stdlib.h>

#include "base/buf.h"
#include "port/db/db_open.h"
#include "port/open/store_open.h"
#include "unit.h"

#define NOW 1000000

static char dir[] = "/tmp/bm-unit-relay-stops-XXXXXX";
static struct store *store;
static struct fail f;

static void
put(const char *relay, const char *account, enum stop_scope scope,
    const char *key, int64_t at, int64_t until)
{
	struct relay_stop s = {.relay = str_of(relay),
	    .account = str_of(account),
	    .scope = scope,
	    .key = str_of(key),
	    .class = STR("policy"),
	    .reply = STR("not you"),
	    .at = at,
	    .until = until};

	ok(relay_stops_put(store->stops, &s, &f) == 0, "put %s %s",
	    stop_scope_name(scope), key);
}

static int
add_stop(void *ctx, const struct relay_stop *s, struct fail *ignored)
{
	struct buf *b = ctx;

	(void)ignored;
	buf_printf(b, "%.*s/%.*s %s=%.*s;", (int)s->relay.n, s->relay.p,
	    (int)s->account.n, s->account.n > 0 ? s->account.p : "",
	    stop_scope_name(s->scope), (int)s->key.n,
	    s->key.n > 0 ? s->key.p : "");
	return 0;
}

static void
shows(
    const char *relay, const char *account, const char *want, const char *name)
{
	struct buf b = {0};

	ok(relay_stops_each(store->stops, str_of(relay), str_of(account), NOW,
	       add_stop, &b, &f) == 0,
	    "read");
	same(buf_str(&b), want, name);
	buf_free(&b);
}

static int
check(const char *relay, const char *account)
{
	return relay_stops_check(
	    store->stops, str_of(relay), str_of(account), NOW, &f);
}

static long long
lift(const char *relay, const char *account, int scope, const char *key)
{
	struct relay_stop_choice c = {
	    str_of(relay), str_of(account), scope, str_of(key), {0}};

	return relay_stops_lift(store->stops, &c, &f);
}

static void
test_scopes(void)
{
	put("r:25", "me", STOP_SCOPE_MAILING, "week3", 1000, 0);
	put("r:25", "me", STOP_SCOPE_DOMAIN, "uni.example", 1000, NOW + 1);
	put("r:25", "you", STOP_SCOPE_SENDER, "a@b.example", 1000, 0);
	ok(check("r:25", "me") == 0, "a narrow scope stops no run");
	shows("r:25", "me", "r:25/me domain=uni.example;r:25/me mailing=week3;",
	    "those of the account");
	put("r:25", "you", STOP_SCOPE_ACCOUNT, "", 1000, NOW + 1);
	ok(check("r:25", "me") == 0, "another account");
	ok(check("s:25", "you") == 0, "another relay");
	ok(check("r:25", "you") == -1 && f.kind == FAIL_TEMP &&
		strstr(f.text, "(policy: not you)") != NULL,
	    "an account with an end");
	put("r:25", "you", STOP_SCOPE_RELAY, "", 1000, 0);
	shows("r:25", "me",
	    "r:25/ relay=;r:25/me domain=uni.example;r:25/me mailing=week3;",
	    "a relay's stop has no account and comes first");
	ok(check("r:25", "me") == 1 && f.kind == FAIL_SYSTEM,
	    "it concerns all accounts, until a person has looked");
	shows(NULL, NULL,
	    "r:25/ relay=;r:25/me domain=uni.example;r:25/me mailing=week3;"
	    "r:25/you account=;r:25/you sender=a@b.example;",
	    "all");
}

static void
test_times(void)
{
	put("t:25", "", STOP_SCOPE_ACCOUNT, "", 1000, NOW);
	ok(check("t:25", "") == 0, "over");
	put("t:25", "", STOP_SCOPE_ACCOUNT, "", NOW + 60001, NOW + 90000);
	ok(check("t:25", "") == 0, "of a clock that was ahead");
	put("t:25", "", STOP_SCOPE_ACCOUNT, "", NOW + 60000, NOW + 90000);
	ok(check("t:25", "") == -1, "a minute ahead is no clock of its own");
	ok(lift("t:25", NULL, -1, NULL) == 1, "one row for a scope and key");
}

static void
test_lift(void)
{
	ok(lift("r:25", "me", STOP_SCOPE_MAILING, "week4") == 0, "no such key");
	ok(lift("r:25", "me", STOP_SCOPE_MAILING, "week3") == 1, "one mailing");
	ok(lift("r:25", "me", STOP_SCOPE_RELAY, NULL) == 1, "the relay");
	ok(lift("r:25", "me", -1, NULL) == 1, "the rest of an account");
	shows(NULL, NULL, "r:25/you account=;r:25/you sender=a@b.example;",
	    "others stay");
	ok(lift(NULL, NULL, -1, NULL) == 2, "all");
}

static void
test_names(void)
{
	for (int i = STOP_SCOPE_RECIPIENT; i <= STOP_SCOPE_RELAY; i++)
		ok(stop_scope_parse(
		       str_of(stop_scope_name((enum stop_scope)i))) == i,
		    "%s", stop_scope_name((enum stop_scope)i));
	ok(stop_scope_parse(STR("all")) == -1 &&
		stop_scope_parse(STR("")) == -1,
	    "no scope");
	ok(stop_scope_is_whole(STOP_SCOPE_ACCOUNT) &&
		stop_scope_is_whole(STOP_SCOPE_RELAY) &&
		!stop_scope_is_whole(STOP_SCOPE_SENDER),
	    "what ends a run");
}

int
main(void)
{
	struct db *db;
	char path[200];

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/db", dir);
	if (db_open(&db, path, DB_CREATE, waiting_quiet(1000), &f) < 0 ||
	    store_open(&store, db, &f) < 0)
		return 1;
	test_names();
	test_scopes();
	test_times();
	test_lift();
	store_close(store);
	db_close(db);
	snprintf(path, sizeof(path), "rm -r %s", dir);
	if (system(path) != 0)
		return 1;
	return unit_end();
}
