/*
 * The register of opt-outs in every store.
 */
#include "port/optout/optouts.h"

#include "base/buf.h"
#include "memory/conform.h"
#include "port/optout/hidden_key.h"
#include "port/optout/optouts_day.h"
#include "port/optout/optouts_list.h"

#define C STR("course-v1:U+C+1")
#define OTHER STR("course-v1:U+C+2")
#define ALL STR("*")
#define NONE ((struct str){0})

static struct fail f;

static bool
put(struct store *s, struct str scope, const char *id, const char *key,
    bool out, const char *source)
{
	struct optout o = {scope, str_of(id), str_of(key), out, str_of(source),
	    {0}, 1000, {0}};
	bool added = false;

	conform_check(optouts_add(s->optouts, &o, &added, &f) == 0, "add");
	return added;
}

static bool
is_out(struct store *s, struct str course, const char *id, const char *key)
{
	bool out = false;

	conform_check(optouts_check(s->optouts, course, str_of(id), str_of(key),
			  &out, &f) == 0,
	    "check");
	return out;
}

static bool
standing(struct store *s, const char *id, const char *key, bool out, bool own)
{
	struct optout_standing st;

	return optouts_standing(s->optouts, C, str_of(id), str_of(key), NONE,
		   &st, &f) == 0 &&
	       st.out == out && st.own == own;
}

static void
check_names(struct conform *t)
{
	put(t->a, C, "7", "ann@uni.example", true, "page");
	put(t->a, C, NULL, "bob@uni.example", true, "page");
	put(t->a, C, "9", NULL, true, "page");
	conform_check(is_out(t->b, C, "7", "new@uni.example"),
	    "by user id, in another process");
	conform_check(is_out(t->b, C, "8", "ann@uni.example"), "by key");
	conform_check(is_out(t->b, C, NULL, "bob@uni.example"), "key only");
	conform_check(is_out(t->b, C, "9", NULL), "user id only");
	conform_check(!is_out(t->b, C, "8", "carl@uni.example"), "another");
	conform_check(!is_out(t->b, C, "", ""), "an empty name matches none");
	conform_check(
	    !is_out(t->b, OTHER, "7", "ann@uni.example"), "another course");
}

static void
check_scopes(struct conform *t)
{
	put(t->a, ALL, "7", "ann@uni.example", true, "page");
	conform_check(is_out(t->b, C, "7", NULL), "all mail by user id");
	conform_check(
	    is_out(t->b, OTHER, NULL, "ann@uni.example"), "all mail by key");
	put(t->b, C, "7", "ann@uni.example", false, "page");
	conform_check(is_out(t->a, C, "7", NULL),
	    "a course taken back leaves all mail stopped");
}

static void
check_order(struct conform *t)
{
	conform_check(put(t->a, C, "7", NULL, true, "page"), "out");
	conform_check(!put(t->b, C, "7", NULL, true, "page"), "out is no news");
	conform_check(put(t->a, C, "7", NULL, false, "page"), "in");
	conform_check(!is_out(t->b, C, "7", NULL), "the latest row counts: in");
	conform_check(!put(t->b, C, "7", NULL, false, "page"), "in is no news");
	conform_check(put(t->b, C, "7", NULL, true, "page"), "out again");
	conform_check(is_out(t->a, C, "7", NULL), "the latest row counts: out");
}

static void
check_sources(struct conform *t)
{
	put(t->a, C, "7", "ann@uni.example", true, "operator");
	conform_check(standing(t->b, "7", NULL, true, false),
	    "an operator's opt-out is not the person's own");
	conform_check(put(t->b, C, "7", "ann@uni.example", true, "one-click"),
	    "the person's own is news");
	conform_check(standing(t->a, NULL, "ann@uni.example", true, true),
	    "the standing of the key");
	conform_check(!put(t->a, C, "7", "ann@uni.example", true, "operator"),
	    "the operator's is no news then");
	put(t->a, C, "7", "ann@uni.example", false, "page");
	conform_check(
	    standing(t->b, "7", "ann@uni.example", false, false), "in again");
	put(t->a, C, "7", "ann@uni.example", true, "bounce");
	conform_check(standing(t->b, "7", "ann@uni.example", true, false),
	    "an own act before the last in does not count");
}

static void
check_hidden(struct conform *t)
{
	struct buf hash = {0};

	conform_check(!is_out(t->b, C, NULL, "ann@uni.example"), "not yet");
	hidden_key_put(&hash, STR("ann@uni.example"));
	put(t->a, C, NULL, buf_cstr(&hash), true, "page");
	conform_check(is_out(t->b, C, NULL, "ann@uni.example"),
	    "the opt-out of an erased person");
	conform_check(!is_out(t->b, C, NULL, "bob@uni.example"), "not others");
	conform_check(standing(t->b, NULL, "ann@uni.example", true, true),
	    "the standing of an erased person");
	buf_free(&hash);
}

static void
check_restore(struct conform *t)
{
	struct optout o = {C, STR("7"), STR("ann@uni.example"), false,
	    STR("operator"), STR("asked"), 2000, NONE};
	long long n = 0;

	put(t->a, C, "7", NULL, true, "page");
	put(t->a, C, "7", "old@uni.example", true, "operator");
	put(t->a, C, NULL, "ann@uni.example", true, "operator");
	conform_check(optouts_restore(t->b->optouts, &o, false, &n, &f) < 0 &&
			  f.kind == FAIL_DATA,
	    "an own opt-out stays");
	conform_check(is_out(t->a, C, NULL, "ann@uni.example") &&
			  is_out(t->a, C, NULL, "old@uni.example"),
	    "and all others of the person with it");
	conform_check(
	    optouts_restore(t->b->optouts, &o, true, &n, &f) == 0 && n == 3,
	    "the person asks: %lld rows", n);
	conform_check(!is_out(t->a, C, "7", "ann@uni.example") &&
			  !is_out(t->a, C, NULL, "old@uni.example"),
	    "in again under every name");
}

static void
check_group(struct conform *t)
{
	struct optout o = {
	    C, STR("7"), NONE, true, STR("import"), NONE, 1000, NONE};
	struct fail other;
	bool added;

	conform_check(store_begin(t->a, false, &f) == 0 &&
			  optouts_put(t->a->optouts, &o, &added, &f) == 0,
	    "put in a transaction");
	conform_check(!optouts_put(t->a->optouts, &o, &added, &f) && !added,
	    "the transaction sees what it has written");
	conform_check(!is_out(t->b, C, "7", NULL), "others do not yet");
	conform_check(
	    store_begin(t->b, false, &other) < 0 && other.kind == FAIL_TEMP,
	    "one transaction at a time");
	store_rollback(t->a);
	conform_check(!is_out(t->a, C, "7", NULL), "a rollback forgets it");
	conform_check(store_begin(t->a, false, &f) == 0 &&
			  optouts_put(t->a->optouts, &o, &added, &f) == 0 &&
			  store_commit(t->a, &f) == 0 &&
			  is_out(t->b, C, "7", NULL),
	    "a commit tells it");
}

static void
check_moment(struct conform *t)
{
	conform_check(store_begin_read(t->a, &f) == 0, "begin to read");
	conform_check(!is_out(t->a, C, "7", NULL), "not out");
	put(t->b, C, "7", NULL, true, "page");
	conform_check(!is_out(t->a, C, "7", NULL), "all reads see one moment");
	conform_check(
	    store_end_read(t->a, &f) == 0 && is_out(t->a, C, "7", NULL),
	    "and the next ones the present");
}

/* As an optout_fn. */
static int
add_row(void *ctx, const struct optout *o, struct fail *ignored)
{
	struct buf *b = ctx;

	(void)ignored;
	buf_printf(b, "%s%.*s/%.*s;", o->out ? "-" : "+", (int)o->user_id.n,
	    o->user_id.n > 0 ? o->user_id.p : "", (int)o->key.n,
	    o->key.n > 0 ? o->key.p : "");
	return 0;
}

static void
shows(struct buf *b, const char *want, const char *name)
{
	conform_check(str_is(buf_str(b), want), "%s: %s", name, buf_cstr(b));
	buf_reset(b);
}

/* As an optout_name_fn. */
static int
add_name(void *ctx, struct str id, struct str key, struct fail *ignored)
{
	const struct optout o = {.user_id = id, .key = key, .out = true};

	return add_row(ctx, &o, ignored);
}

static void
check_lists(struct conform *t)
{
	struct buf b = {0};
	long long n = 0;
	bool has;

	put(t->a, C, "1", "a", true, "page");
	put(t->a, C, "1", "b", false, "page");
	put(t->a, C, "2", NULL, true, "page");
	put(t->a, OTHER, NULL, "c", true, "page");
	optouts_list(t->b->optouts, C, true, add_row, &b, &f);
	shows(&b, "-1/a;+1/b;-2/;", "the history of a course");
	optouts_list(t->b->optouts, NONE, false, add_row, &b, &f);
	shows(&b, "-1/a;+1/b;-2/;-/c;", "the latest rows: by id or by key");
	put(t->a, C, NULL, "a", false, "page");
	optouts_list(t->b->optouts, C, false, add_row, &b, &f);
	shows(&b, "+1/b;-2/;+/a;", "a row that no name has any more");
	optouts_list_person(t->b->optouts, STR("1"), STR("c"), add_row, &b, &f);
	shows(&b, "-1/a;+1/b;-/c;", "a person's rows");
	optouts_list_out(t->b->optouts, C, add_name, &b, &f);
	shows(&b, "-2/;", "names that are out of a course");
	optouts_list_out(t->b->optouts, OTHER, add_name, &b, &f);
	shows(&b, "-/c;", "of another");
	conform_check(
	    optouts_has_course(t->b->optouts, C, &has, &f) == 0 && has,
	    "a course of the register");
	conform_check(
	    optouts_has_course(t->b->optouts, STR("x"), &has, &f) == 0 && !has,
	    "no course of the register");
	conform_check(
	    optouts_count(t->b->optouts, C, 1000, &n, &f) == 0 && n == 2,
	    "persons who went: %lld", n);
	conform_check(
	    optouts_count(t->b->optouts, C, 1001, &n, &f) == 0 && n == 0,
	    "since then: %lld", n);
	buf_free(&b);
}

static int
undo(struct store *s, const struct optout *o, long long *n)
{
	if (store_begin(s, false, &f) < 0)
		return -1;
	return store_finish(s, optouts_undo(s->optouts, o, n, &f), &f);
}

/* Which stops a link takes back: those of links, in "*" its own. */
static void
check_links(struct conform *t)
{
	static const struct {
		const char *scope, *source, *link; /* of the stop */
		const char *asking;
		bool back;
	} rows[] = {
	    {"c1", "page", "c1", "c1", true},
	    {"c1", "one-click", "c1", "c1", true},
	    {"c1", "mail", "c1", "c1", true},
	    {"c1", "page", NULL, "c1", true},
	    {"c1", "operator", NULL, "c1", false},
	    {"c1", "import", NULL, "c1", false},
	    {"c1", "complaint", NULL, "c1", false},
	    {"c1", "bounce", NULL, "c1", false},
	    {"*", "page", "c1", "c1", true},
	    {"*", "page", "c1", "c2", false},
	    {"*", "page", NULL, "c2", true},
	    {"*", "operator", NULL, "c1", false},
	    {"*", "bounce", NULL, "c1", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char id[8] = {(char)('A' + i)};
		struct optout o = {str_of(rows[i].scope), str_of(id), NONE,
		    true, str_of(rows[i].source), NONE, 1000,
		    str_of(rows[i].link)};
		struct optout_standing st;
		long long n = -1;
		int rc;

		optouts_add(t->a->optouts, &o, NULL, &f);
		o.source = STR("page");
		o.link = str_of(rows[i].asking);
		optouts_standing(t->b->optouts, o.course_id, o.user_id, NONE,
		    o.link, &st, &f);
		conform_check(st.out && st.kept == !rows[i].back,
		    "row %zu: what the link sees", i);
		rc = undo(t->b, &o, &n);
		conform_check(rows[i].back ? rc == 0 && n == 1
					   : rc < 0 && f.kind == FAIL_DATA,
		    "row %zu: what the link does", i);
		conform_check(
		    is_out(t->a, o.course_id, id, NULL) != rows[i].back,
		    "row %zu: what holds", i);
	}
}

/* A stop of an operator's beside a link's keeps both. */
static void
check_beside(struct conform *t)
{
	struct optout o = {C, STR("7"), STR("ann@uni.example"), false,
	    STR("page"), NONE, 2000, C};
	long long n = 0;

	put(t->a, C, "7", NULL, true, "page");
	put(t->a, C, NULL, "ann@uni.example", true, "operator");
	conform_check(undo(t->b, &o, &n) < 0, "refused");
	conform_check(is_out(t->a, C, "7", NULL) &&
			  is_out(t->a, C, NULL, "ann@uni.example"),
	    "both stay");
}

/* As an optout_fn. */
static int
count_row(void *ctx, const struct optout *o, struct fail *ignored)
{
	(void)o;
	(void)ignored;
	++*(int *)ctx;
	return 0;
}

#define DAY_MS 86400000

/* A link that toggles: the last word holds, and a day has few rows. */
static void
check_toggling(struct conform *t)
{
	int rows = 0;

	for (int i = 0; i < 101; i++) {
		struct optout o = {C, STR("7"), STR("ann@uni.example"),
		    i % 2 == 0, STR("page"), NONE, DAY_MS + i, C};
		long long n;

		conform_check((o.out ? optouts_add(t->a->optouts, &o, NULL, &f)
				     : undo(t->a, &o, &n)) == 0,
		    "turn %d", i);
		conform_check(is_out(t->b, C, "7", NULL) == o.out,
		    "turn %d holds by id", i);
		conform_check(is_out(t->b, C, NULL, "ann@uni.example") == o.out,
		    "turn %d holds by key", i);
		if (i == 50)
			put(t->a, C, "8", NULL, true, "page");
	}
	optouts_list_person(
	    t->b->optouts, STR("7"), NONE, count_row, &rows, &f);
	conform_check(rows == OPTOUTS_DAY_ROWS, "%d rows of a day", rows);
	put(t->a, C, "7", "ann@uni.example", false, "operator");
	put(t->a, C, "7", "ann@uni.example", true, "page");
	rows = 0;
	optouts_list_person(
	    t->b->optouts, STR("7"), NONE, count_row, &rows, &f);
	conform_check(rows == OPTOUTS_DAY_ROWS + 2,
	    "an operator's row and another day's: %d", rows);
}

int
main(void)
{
	static const struct conform_case cases[] = {
	    {"names", check_names},
	    {"scopes", check_scopes},
	    {"order", check_order},
	    {"sources", check_sources},
	    {"hidden keys", check_hidden},
	    {"restore", check_restore},
	    {"stops that a link takes back", check_links},
	    {"a stop beside a link's", check_beside},
	    {"toggling", check_toggling},
	    {"transactions", check_group},
	    {"one moment", check_moment},
	    {"lists", check_lists},
	};
	static const enum memory_fault faults[] = {MEMORY_FAULT_EARLY,
	    MEMORY_FAULT_PRIVATE, MEMORY_FAULT_KEPT, MEMORY_FAULT_CROWDED,
	    MEMORY_FAULT_RESTLESS, MEMORY_FAULT_NO_KEY, MEMORY_FAULT_NO_ALL,
	    MEMORY_FAULT_FIRST, MEMORY_FAULT_UNTOLD, MEMORY_FAULT_OWN,
	    MEMORY_FAULT_NONE};

	return CONFORM_RUN(cases, faults);
}
