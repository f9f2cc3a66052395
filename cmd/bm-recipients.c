/* bm-recipients: who gets it. */
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/filter.h"
#include "base/json.h"
#include "base/near.h"
#include "base/range.h"
#include "base/utf8.h"
#include "mail/addr.h"
#include "mail/record.h"
#include "port/db.h"
#include "port/gather.h"
#include "port/ledger.h"
#include "port/roster.h"

#define PROGRAM "bm-recipients"
#define WAIT_MS 5000
#define QUERY_MAX (1 << 20) /* bytes of SQL in a file */

struct recipients {
	const char *db_path, *course_id, *as, *ledger, *query, *query_db;
	const char *read, *expect, *rejects;
	struct option_list to, except;
	int64_t within, timeout;
	long long limit;
	bool include_opted_out, count, verbose;

	struct db *db;
	struct option_spec specs[20];
	struct filter *filter;
	struct arena *arena;
	struct course course;
	struct audience *audience;
	struct str ledger_id;
	const char *states;
	struct target *targets, *excepts;
	size_t target_count, except_count;
	long long *emitted; /* by target */
};

static void
versions(struct buf *b)
{
	db_library(b);
	utf8_library(b);
	addr_library(b);
}

static int
check_sources(const struct recipients *r, struct fail *f)
{
	int sources =
	    (r->to.count > 0) + (r->query != NULL) + (r->read != NULL);

	if (r->db_path == NULL)
		return fail_system(f, "no database: use --db or set BM_DB");
	if (sources == 0)
		return fail_system(f, "nobody is named: use --to");
	if (sources > 1)
		return fail_system(
		    f, "--to, --query and --read exclude one another");
	if (r->query_db != NULL && r->query == NULL)
		return fail_system(f, "--query-db needs --query");
	if (r->within > 0 && r->to.count == 0)
		return fail_system(f, "--last-login-within needs --to");
	return 0;
}

/* The same target twice counts once. */
static int
parse_targets(struct recipients *r, const struct option_list *list,
    struct target **out, size_t *count, struct fail *f)
{
	struct target *t = arena_alloc(r->arena, list->count * sizeof(*t));
	size_t i, j, n = 0;

	for (i = 0; i < list->count; i++) {
		if (target_parse(&t[n], str_of(list->items[i]), f) != 0)
			return -1;
		for (j = 0; j < n && !str_eq(t[j].text, t[n].text); j++)
			continue;
		n += j == n;
	}
	*out = t;
	*count = n;
	return 0;
}

static int
check_states(const char *list, struct fail *f)
{
	while (*list != '\0') {
		struct str s = {list, strcspn(list, ",")};

		if (!str_is(s, "none") && !str_is(s, "claimed") &&
		    record_status_parse(s) < 0)
			return fail_system(f,
			    "--ledger: no state \"%.*s\"; there are sent, "
			    "failed, deferred, skipped, in_doubt, claimed and "
			    "none",
			    (int)s.n, s.p);
		list += s.n + (list[s.n] == ',');
	}
	return 0;
}

static int
parse_ledger(struct recipients *r, struct fail *f)
{
	const char *equals;

	if (r->ledger == NULL)
		return 0;
	equals = strchr(r->ledger, '=');
	if (equals == NULL || equals[1] == '\0')
		return fail_system(
		    f, "--ledger wants ID=STATE[,STATE...], like week3=failed");
	r->ledger_id = (struct str){r->ledger, (size_t)(equals - r->ledger)};
	r->states = equals + 1;
	return check_states(r->states, f);
}

/* Facts that a dead sender left in its journal count as well. */
static int
fold_journals(const struct recipients *r, struct fail *f)
{
	struct ledger *ledger = NULL;
	struct db *db;
	int rc;

	if (r->ledger == NULL)
		return 0;
	if (db_open(&db, r->db_path, DB_WRITE, WAIT_MS, f) != 0)
		return -1;
	rc = ledger_open(&ledger, db, LEDGER_POWER, f);
	if (rc == 0)
		rc = ledger_close(ledger, f);
	db_close(db);
	return rc;
}

static int
open_course(struct recipients *r, const struct options *o, struct fail *f)
{
	bool enabled;

	if (settings_bool(
		o->settings, "ENABLE_INSTRUCTOR_EMAIL", &enabled, f) != 0)
		return -1;
	if (!enabled)
		return fail_system(f,
		    "course email is turned off by ENABLE_INSTRUCTOR_EMAIL "
		    "(%s); who may change that can turn it on",
		    settings_origin(o->settings, "ENABLE_INSTRUCTOR_EMAIL"));
	if (fold_journals(r, f) != 0 ||
	    db_open(&r->db, r->db_path, DB_READ, WAIT_MS, f) != 0 ||
	    roster_course(
		r->db, &r->course, str_of(r->course_id), r->arena, f) != 0 ||
	    roster_check_enabled(r->db, &r->course, f) != 0)
		return -1;
	return r->ledger == NULL ? 0
				 : roster_check_mailing(r->db, r->ledger_id, f);
}

static int
open_audience(struct recipients *r, const struct options *o, struct fail *f)
{
	struct audience_params params = {.course = &r->course,
	    .include_opted_out = r->include_opted_out,
	    .limit = r->limit,
	    .ledger = r->ledger_id,
	    .states = r->states};
	bool reserved;

	if (settings_bool(o->settings, "BM_ALLOW_RESERVED", &reserved, f) != 0)
		return -1;
	params.addr_policy = reserved ? ADDR_RESERVED : ADDR_STRICT;
	return audience_new(&r->audience, r->db, &params, f);
}

static int64_t
cutoff(const struct recipients *r)
{
	struct timespec now;

	if (r->within == 0)
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 - r->within;
}

static int
run_query(struct recipients *r, const struct gather *g, struct fail *f)
{
	const char *path = r->query_db != NULL ? r->query_db : r->db_path;
	struct buf sql = {0};
	int rc;

	if (r->query[0] != '@')
		buf_adds(&sql, r->query);
	else if (file_read(&sql, r->query + 1, QUERY_MAX, NULL, f) != 0)
		return -1;
	rc = gather_query(g, path, buf_cstr(&sql), (int)r->timeout, f);
	buf_free(&sql);
	return rc;
}

static bool
is_csv(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && strcasecmp(path + n - 4, ".csv") == 0;
}

/* Within the transaction that holds the marks. */
static int
gather(struct recipients *r, struct selection *s, struct fail *f)
{
	struct gather g = {&r->course, r->audience, r->filter};

	if (r->query != NULL)
		return run_query(r, &g, f);
	if (r->read != NULL && is_csv(r->read))
		return gather_csv(&g, r->read, f);
	if (r->read != NULL)
		return gather_records(&g, f);
	return gather_roster(&g, s, r->targets, r->emitted, f);
}

static int
select_all(struct recipients *r, struct fail *f)
{
	struct selection_params params = {.course_id = r->course.id,
	    .targets = r->targets,
	    .target_count = r->target_count,
	    .except = r->excepts,
	    .except_count = r->except_count,
	    .as = str_of(r->as),
	    .login_cutoff = cutoff(r)};
	struct selection *s = NULL;
	int rc = selection_open(&s, r->db, &params, f);

	r->emitted =
	    arena_alloc(r->arena, (r->target_count + 1) * sizeof(*r->emitted));
	if (rc == 0)
		rc = gather(r, s, f);
	selection_close(s);
	return rc;
}

static long long
selected(const struct recipients *r)
{
	long long sum = 0;

	for (int v = 0; v < VERDICT_COUNT; v++)
		sum += audience_count(r->audience, (enum verdict)v);
	return sum;
}

static void
put_counts(const struct recipients *r, struct buf *b)
{
	buf_addc(b, '{');
	json_put(b, "course_id", r->course.id);
	json_put_int(b, "selected", selected(r));
	for (int v = 0; v < VERDICT_COUNT; v++)
		json_put_int(b, verdict_name((enum verdict)v),
		    audience_count(r->audience, (enum verdict)v));
	json_put_name(b, "by_target");
	buf_addc(b, '{');
	for (size_t i = 0; i < r->target_count; i++) {
		if (i > 0)
			buf_addc(b, ',');
		json_put_string(b, r->targets[i].text);
		buf_printf(b, ":%lld", r->emitted[i]);
	}
	buf_adds(b, "}}\n");
}

static void
tell_counts(const struct recipients *r)
{
	struct buf b = {0};
	size_t i;

	buf_printf(&b, "%lld selected, %lld to be mailed", selected(r),
	    audience_count(r->audience, VERDICT_EMITTED));
	for (i = 0; i < r->target_count; i++)
		buf_printf(&b, "%s%lld %.*s", i == 0 ? " (" : ", ",
		    r->emitted[i], (int)r->targets[i].text.n,
		    r->targets[i].text.p);
	buf_adds(&b, r->target_count > 0 ? ")" : "");
	for (int v = VERDICT_EMITTED + 1; v < VERDICT_COUNT; v++) {
		long long n = audience_count(r->audience, (enum verdict)v);

		if (n > 0)
			buf_printf(
			    &b, ", %lld %s", n, verdict_name((enum verdict)v));
	}
	filter_note(PROGRAM, "%s", buf_cstr(&b));
	buf_free(&b);
}

static int
check_expected(const struct recipients *r, struct fail *f)
{
	long long n = audience_count(r->audience, VERDICT_EMITTED);
	struct range range;

	if (r->expect != NULL) {
		if (range_parse(&range, str_of(r->expect), f) != 0)
			return -1;
		if (!range_has(&range, n))
			return fail_system(f,
			    "%lld recipients where %s are expected: nothing "
			    "is written",
			    n, r->expect);
	}
	return n > 0 ? 0 : fail_data(f, "nobody to mail");
}

static int
write_records(struct recipients *r, struct fail *f)
{
	struct str piece;
	int rc;

	while ((rc = audience_next(r->audience, &piece, f)) == 1) {
		if (filter_write(r->filter, piece) != 0)
			return 0; /* said already */
	}
	return rc;
}

static int
show(struct recipients *r, struct fail *f)
{
	struct buf b = {0};

	if (r->verbose || isatty(STDERR_FILENO))
		tell_counts(r);
	if (r->count) {
		put_counts(r, &b);
		filter_write(r->filter, buf_str(&b));
		buf_free(&b);
	}
	if (check_expected(r, f) != 0)
		return -1;
	return r->count ? 0 : write_records(r, f);
}

static int
run(struct recipients *r, const struct options *o, struct fail *f)
{
	struct range range;

	if (check_sources(r, f) != 0 ||
	    (r->expect != NULL &&
		range_parse(&range, str_of(r->expect), f) != 0) ||
	    parse_targets(r, &r->to, &r->targets, &r->target_count, f) != 0 ||
	    parse_targets(r, &r->except, &r->excepts, &r->except_count, f) !=
		0 ||
	    parse_ledger(r, f) != 0 ||
	    filter_rejects(r->filter, r->rejects, f) != 0 ||
	    open_course(r, o, f) != 0 || open_audience(r, o, f) != 0 ||
	    select_all(r, f) != 0)
		return -1;
	return show(r, f);
}

static int
run_all(struct recipients *r, const struct options *o)
{
	char *input = (char *)(r->read != NULL ? r->read : "-");
	struct fail f = {0};

	r->verbose = o->verbose;
	r->arena = arena_new();
	r->filter = filter_new(PROGRAM, &input, 1);
	if (run(r, o, &f) != 0)
		filter_raise(r->filter, filter_die(PROGRAM, &f));
	audience_free(r->audience);
	db_close(r->db);
	arena_free(r->arena);
	return filter_end(r->filter);
}

static int
parse(struct recipients *r, struct options *o, int argc, char **argv)
{
#define TEXT(name, member, argument, setting, help)                          \
	{                                                                    \
		name, 0, OPTION_STRING, &r->member, argument, setting, 0, 0, \
		    help                                                     \
	}
	const struct option_spec specs[] = {
	    TEXT("db", db_path, "FILE", "BM_DB", "the database"),
	    TEXT("course", course_id, "ID", NULL, "the course"),
	    {"to", 0, OPTION_LIST, &r->to, "TARGET", NULL, 0, 0,
		"myself, staff, learners, all, cohort:NAME, track:MODE, "
		"user:NAME, email:ADDRESS"},
	    {"except", 0, OPTION_LIST, &r->except, "TARGET", NULL, 0, 0,
		"leave these out"},
	    TEXT("as", as, "USER", NULL, "who \"myself\" is"),
	    {"last-login-within", 0, OPTION_DURATION, &r->within, "TIME", NULL,
		0, 0, "only learners seen lately (18mo), or never"},
	    {"limit", 0, OPTION_NUMBER, &r->limit, "N", NULL, 1, LLONG_MAX,
		"at most the first N"},
	    {"include-opted-out", 0, OPTION_FLAG, &r->include_opted_out, NULL,
		NULL, 0, 0, "and mark them; they are not mailed"},
	    TEXT("ledger", ledger, "ID=STATE,...", NULL,
		"only whose row under mailing ID has the state, or none"),
	    TEXT("query", query, "SQL|@FILE", NULL, "a SELECT of your own"),
	    TEXT("query-db", query_db, "FILE", NULL, "where it is to run"),
	    {"timeout", 0, OPTION_DURATION, &r->timeout, "TIME", NULL, 0, 0,
		"what --query may take (30s)"},
	    TEXT("read", read, "FILE|-", NULL, "records, or FILE.csv"),
	    {"count", 0, OPTION_FLAG, &r->count, NULL, NULL, 0, 0,
		"print counts as JSON, and no records"},
	    TEXT("expect", expect, "N|A..B", NULL,
		"write nothing if there are more or fewer"),
	    TEXT(
		"rejects", rejects, "FILE", NULL, "write refused ones to FILE"),
	    {0},
	};
	_Static_assert(sizeof(specs) <= sizeof(r->specs), "room for all");
	memcpy(r->specs, specs, sizeof(specs));
	*o = (struct options){.program = PROGRAM,
	    .versions = versions,
	    .synopsis = "--course ID --to TARGET... [OPTION...]\n"
			"--course ID --query SQL | --read FILE [OPTION...]",
	    .purpose = "Print who is to be mailed, a record each.",
	    .specs = r->specs,
	    .required = "course"};
	return filter_options(o, argc, argv);
}

int
main(int argc, char **argv)
{
	struct recipients r = {.timeout = 30000};
	struct options o;
	int status = parse(&r, &o, argc, argv);

	if (status != -1)
		return status;
	status = run_all(&r, &o);
	options_free(&o);
	return status;
}
