/*
 * Stops in every store.
 */
#include "port/relay/relay_stops.h"

#include <string.h>

#include "base/buf.h"
#include "memory/conform.h"

#define NOW 1000000

static struct fail f;

static void
put(struct store *store, const char *relay, const char *account,
    enum stop_scope scope, const char *key, int64_t at, int64_t until)
{
	struct relay_stop s = {.relay = str_of(relay),
	    .account = str_of(account),
	    .scope = scope,
	    .key = str_of(key),
	    .class = STR("policy"),
	    .reply = STR("not you"),
	    .at = at,
	    .until = until};

	conform_check(relay_stops_put(store->stops, &s, &f) == 0, "put %s %s",
	    stop_scope_name(scope), key);
}

/* As a relay_stop_fn. */
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
shows(struct store *store, const char *relay, const char *account,
    const char *want, const char *name)
{
	struct buf b = {0};
	int rc = relay_stops_each(store->stops, str_of(relay), str_of(account),
	    NOW, add_stop, &b, &f);

	conform_check(
	    rc == 0 && str_is(buf_str(&b), want), "%s: %s", name, buf_cstr(&b));
	buf_free(&b);
}

static int
check(struct store *s, const char *relay, const char *account)
{
	return relay_stops_check(
	    s->stops, str_of(relay), str_of(account), NOW, &f);
}

static long long
lift(struct store *s, const char *relay, const char *account, int scope,
    const char *key)
{
	struct relay_stop_choice c = {
	    str_of(relay), str_of(account), scope, str_of(key), {0}};

	return relay_stops_lift(s->stops, &c, &f);
}

static void
check_scopes(struct conform *t)
{
	put(t->a, "r:25", "me", STOP_SCOPE_MAILING, "week3", 1000, 0);
	put(t->a, "r:25", "me", STOP_SCOPE_DOMAIN, "uni.example", 1000,
	    NOW + 1);
	put(t->a, "r:25", "you", STOP_SCOPE_SENDER, "a@b.example", 1000, 0);
	conform_check(
	    check(t->b, "r:25", "me") == 0, "a narrow scope stops no run");
	shows(t->b, "r:25", "me",
	    "r:25/me domain=uni.example;r:25/me mailing=week3;",
	    "those of the account");
	put(t->b, "r:25", "you", STOP_SCOPE_ACCOUNT, "", 1000, NOW + 1);
	conform_check(check(t->a, "r:25", "me") == 0, "another account");
	conform_check(check(t->a, "s:25", "you") == 0, "another relay");
	conform_check(check(t->a, "r:25", "you") == -1 && f.kind == FAIL_TEMP &&
			  strstr(f.text, "(policy: not you)") != NULL,
	    "an account with an end, put by another process");
	put(t->b, "r:25", "you", STOP_SCOPE_RELAY, "", 1000, 0);
	shows(t->a, "r:25", "me",
	    "r:25/ relay=;r:25/me domain=uni.example;r:25/me mailing=week3;",
	    "a relay's stop has no account and comes first");
	conform_check(check(t->a, "r:25", "me") == 1 && f.kind == FAIL_SYSTEM,
	    "it concerns all accounts, until a person has looked");
	shows(t->a, NULL, NULL,
	    "r:25/ relay=;r:25/me domain=uni.example;r:25/me mailing=week3;"
	    "r:25/you account=;r:25/you sender=a@b.example;",
	    "all");
}

static void
check_times(struct conform *t)
{
	put(t->a, "t:25", "", STOP_SCOPE_ACCOUNT, "", 1000, NOW);
	conform_check(check(t->b, "t:25", "") == 0, "over");
	put(t->a, "t:25", "", STOP_SCOPE_ACCOUNT, "", NOW + 60001, NOW + 90000);
	conform_check(
	    check(t->b, "t:25", "") == 0, "of a clock that was ahead");
	put(t->a, "t:25", "", STOP_SCOPE_ACCOUNT, "", NOW + 60000, NOW + 90000);
	conform_check(check(t->b, "t:25", "") == -1,
	    "a minute ahead is no clock of its own");
	conform_check(lift(t->b, "t:25", NULL, -1, NULL) == 1,
	    "one row for a scope and key");
}

static void
check_lift(struct conform *t)
{
	put(t->a, "r:25", "me", STOP_SCOPE_MAILING, "week3", 1000, 0);
	put(t->a, "r:25", "me", STOP_SCOPE_DOMAIN, "uni.example", 1000, 0);
	put(t->a, "r:25", "you", STOP_SCOPE_ACCOUNT, "", 1000, 0);
	put(t->a, "r:25", "you", STOP_SCOPE_SENDER, "a@b.example", 1000, 0);
	put(t->a, "r:25", "you", STOP_SCOPE_RELAY, "", 1000, 0);
	conform_check(
	    lift(t->b, "r:25", "me", STOP_SCOPE_MAILING, "week4") == 0,
	    "no such key");
	conform_check(
	    lift(t->b, "r:25", "me", STOP_SCOPE_MAILING, "week3") == 1,
	    "one mailing");
	conform_check(
	    lift(t->b, "r:25", "me", STOP_SCOPE_RELAY, NULL) == 1, "a relay");
	conform_check(
	    lift(t->b, "r:25", "me", -1, NULL) == 1, "the rest of an account");
	shows(t->a, NULL, NULL,
	    "r:25/you account=;r:25/you sender=a@b.example;", "others stay");
	conform_check(lift(t->b, NULL, NULL, -1, NULL) == 2, "all");
	shows(t->a, NULL, NULL, "", "none is left");
}

/* As a relay_stop_fn. */
static int
compare_members(void *ctx, const struct relay_stop *s, struct fail *ignored)
{
	const struct relay_stop *want = ctx;

	(void)ignored;
	conform_check(str_eq(s->content, want->content) &&
			  (s->content.p == NULL) == (want->content.p == NULL) &&
			  str_eq(s->class, want->class) &&
			  str_eq(s->stage, want->stage) &&
			  str_eq(s->enhanced, want->enhanced) &&
			  str_eq(s->reply, want->reply) &&
			  s->code == want->code && s->at == want->at &&
			  s->until == want->until,
	    "each member comes back");
	return 7;
}

static void
check_members(struct conform *t)
{
	struct relay_stop s = {.relay = STR("r:25"),
	    .account = STR("me"),
	    .scope = STOP_SCOPE_MAILING,
	    .key = STR("week3"),
	    .class = STR("policy"),
	    .stage = STR("dot"),
	    .enhanced = STR("5.7.1"),
	    .reply = STR("not \"you\"\nat all"),
	    .code = 554,
	    .at = INT64_C(1700000000001)};

	for (int i = 0; i < 2; i++) {
		s.content = i == 0 ? STR("abc") : (struct str){0};
		s.until = i == 0 ? INT64_C(1700000000002) : 0;
		conform_check(relay_stops_put(t->a->stops, &s, &f) == 0, "put");
		conform_check(relay_stops_each(t->b->stops, s.relay, s.account,
				  s.at, compare_members, &s, &f) == 7,
		    "the visit ends where its function says");
	}
}

int
main(void)
{
	static const struct conform_case cases[] = {
	    {"scopes", check_scopes},
	    {"times", check_times},
	    {"lift", check_lift},
	    {"members", check_members},
	};
	static const enum memory_fault faults[] = {MEMORY_FAULT_PRIVATE,
	    MEMORY_FAULT_SECOND, MEMORY_FAULT_ENDLESS, MEMORY_FAULT_LIFT_ALL,
	    MEMORY_FAULT_WIDE, MEMORY_FAULT_NONE};

	return CONFORM_RUN(cases, faults);
}
