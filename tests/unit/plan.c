#include "mail/record/plan.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "mail/mime/addr.h"
#include "mail/record/coverage.h"
#include "mail/record/plan_keys.h"
#include "mail/record/planner.h"
#include "unit.h"

/* Output of: printf 'a@x.org\nb@y.org\n' | sha256sum, and of no input. */
#define TWO "57c6f2aa744d677808af0383af407ebde8c880a84983bf74ea16dc00c6c79a6e"
#define NONE "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static int
add_record(
    struct planner *p, const char *record, struct arena *a, struct fail *f)
{
	struct json_object o;

	if (json_parse(&o, str_of(record), a, f) != 0)
		return -1;
	return planner_add(p, &o, a, f);
}

static void
test_planner(struct arena *a)
{
	struct planner *p = planner_new(ADDR_STRICT);
	struct buf b = {0}, keys = {0};
	struct fail f = {0};

	ok(add_record(p, "{\"email\":\"b@y.org\",\"content\":\"c\"}", a, &f) ==
		    0 &&
		add_record(p, "{\"email\":\"A@X.org\",\"content\":\"c\"}", a,
		    &f) == 0 &&
		add_record(
		    p, "{\"content\":\"c\",\"email\":\"B@y.org\"}", a, &f) == 0,
	    "records");
	ok(add_record(p, "{\"email\":\"a@x.org\"}", a, &f) == -1 &&
		f.kind == FAIL_SYSTEM,
	    "%s", f.text);
	ok(add_record(p, "{\"email\":7,\"content\":\"c\"}", a, &f) == -1 &&
		f.kind == FAIL_DATA,
	    "%s", f.text);
	planner_add_batch(p, "000001.ndjson", 3, "feed");
	planner_finish(p, &b, &keys);
	same(buf_str(&keys), "a@x.org\nb@y.org\n", "the keys");
	same(buf_str(&b),
	    "{\"email_id\":null,\"course_id\":null,\"content\":\"c\","
	    "\"count\":2,\"keys_sha256\":\"" TWO "\","
	    "\"domains\":{\"x.org\":1,\"y.org\":1},"
	    "\"batches\":[{\"name\":\"000001.ndjson\",\"count\":3,"
	    "\"sha256\":\"feed\"}]}\n",
	    "the plan");
	planner_free(p);
	buf_reset(&b);
	p = planner_new(ADDR_STRICT);
	planner_finish(p, &b, &keys);
	same(buf_str(&b),
	    "{\"email_id\":null,\"course_id\":null,\"content\":null,"
	    "\"count\":0,\"keys_sha256\":\"" NONE "\",\"domains\":{},"
	    "\"batches\":[]}\n",
	    "the plan of nothing");
	planner_free(p);
	buf_free(&b);
	buf_free(&keys);
}

static void
test_keys(void)
{
	struct plan plan = {.keys_sha256 = STR(TWO)};
	struct fail f = {0};

	ok(plan_keys_check(&plan, STR("a@x.org\nb@y.org\n"), &f) == 0,
	    "the keys of the plan");
	ok(plan_keys_check(&plan, STR("a@x.org\nc@y.org\n"), &f) == -1 &&
		f.kind == FAIL_DATA,
	    "%s", f.text);
}

/* A plan with b, d and f, and its ledgers. */
static void
test_coverage(void)
{
	struct coverage *c = coverage_new(STR("b\nd\nf\n"));
	struct str first;

	ok(coverage_missing(c, &first) == 3 && str_is(first, "b"), "nobody");
	coverage_add(c, STR("a"));
	coverage_add(c, STR("b"));
	coverage_add(c, STR("bb"));
	coverage_add(c, STR("g"));
	ok(coverage_missing(c, &first) == 2 && str_is(first, "d") &&
		coverage_unplanned(c) == 3,
	    "one of the plan, three others");
	coverage_rewind(c);
	coverage_add(c, STR("b"));
	coverage_add(c, STR("f"));
	ok(coverage_missing(c, &first) == 1 && str_is(first, "d") &&
		coverage_unplanned(c) == 4,
	    "another ledger, one of them again");
	coverage_rewind(c);
	coverage_add(c, STR("d"));
	ok(coverage_missing(c, &first) == 0, "all of them");
	coverage_free(c);
	c = coverage_new(STR(""));
	coverage_add(c, STR("a"));
	ok(coverage_missing(c, &first) == 0 && coverage_unplanned(c) == 1,
	    "a plan of nobody");
	coverage_free(c);
}

static void
test_parse(struct arena *a)
{
	static const char *const bad[] = {"", "[]", "{}",
	    "{\"email_id\":1,\"course_id\":null,\"content\":null,\"count\":0,"
	    "\"keys_sha256\":\"\",\"domains\":{},\"batches\":[]}",
	    "{\"email_id\":null,\"course_id\":null,\"content\":null,"
	    "\"count\":-1,\"keys_sha256\":\"\",\"domains\":{},"
	    "\"batches\":[]}",
	    "{\"email_id\":null,\"course_id\":null,\"content\":null,"
	    "\"count\":1,\"keys_sha256\":\"\",\"domains\":[],"
	    "\"batches\":[]}",
	    "{\"email_id\":null,\"course_id\":null,\"content\":null,"
	    "\"count\":1,\"keys_sha256\":\"\",\"domains\":{\"a\":\"b\"},"
	    "\"batches\":[]}",
	    "{\"email_id\":null,\"course_id\":null,\"content\":null,"
	    "\"count\":1,\"keys_sha256\":\"\",\"domains\":{},"
	    "\"batches\":[7]}",
	    "{\"email_id\":null,\"course_id\":null,\"content\":null,"
	    "\"count\":1,\"keys_sha256\":\"\",\"domains\":{},"
	    "\"batches\":[{\"name\":\"x\",\"count\":1.5,\"sha256\":\"y\"}]}"};
	static const char good[] =
	    "{\"email_id\":\"week3\",\"course_id\":\"c\",\"content\":\"d\","
	    "\"count\":12,\"keys_sha256\":\"aa\",\"domains\":{\"x\":12},"
	    "\"batches\":[{\"name\":\"1\",\"count\":9,\"sha256\":\"s\"},"
	    "{\"name\":\"2\",\"count\":3,\"sha256\":\"t\"}]}\n";
	struct buf b = {0};
	struct plan plan;
	struct fail f = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(plan_parse(&plan, str_of(bad[i]), a, &f) == -1 &&
			f.kind == FAIL_DATA &&
			str_starts(str_of(f.text), "not a plan"),
		    "%s", f.text);
	ok(plan_parse(&plan, str_of(good), a, &f) == 0, "a plan");
	plan_put(&b, &plan);
	same(buf_str(&b), good, "comes out as it went in");
	ok(plan_find(&plan, STR("2")) == &plan.batches[1] &&
		plan_find(&plan, STR("3")) == NULL,
	    "batches by name");
	buf_free(&b);
}

int
main(void)
{
	struct arena *a = arena_new();

	test_planner(a);
	test_parse(a);
	test_keys();
	test_coverage();
	arena_free(a);
	return unit_end();
}
