#include "report/view.h"
#include "base/options.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/near.h"
#include "base/program.h"
#include "mail/record/plan_keys.h"
#include "mail/report/report_doubt.h"
#include "port/ledger/ledger.h"
#include "port/open/store_open_file.h"
#include "report/view_bounces.h"

#define WAIT_MS 10000   /* for a lock that a reader may meet */
#define RECOVER_MS 3000 /* longest wait for the database's write lock */

/* A plan that was made without keys can only be counted. */
static int
read_keys(struct view *v, struct fail *f)
{
	struct buf path = {0};
	int result = 0;

	buf_printf(&path, "%s" PLAN_KEYS, v->args->plan);
	v->has_keys = access(buf_cstr(&path), F_OK) == 0;
	if (v->has_keys)
		result =
		    file_read(&v->keys, buf_cstr(&path), PLAN_MAX, NULL, f);
	if (v->has_keys && result == 0 &&
	    plan_keys_check(v->plan, buf_str(&v->keys), f) < 0) {
		f->kind = FAIL_SYSTEM;
		result = fail_prefix(f, "%s", buf_cstr(&path));
	}
	buf_free(&path);
	return result;
}

static int
read_plan(struct view *v, struct fail *f)
{
	const char *path = v->args->plan;

	if (path == NULL)
		return 0;
	v->plan = arena_alloc(v->run_arena, sizeof(*v->plan));
	if (file_read(&v->plan_text, path, PLAN_MAX, NULL, f) < 0)
		return -1;
	if (plan_parse(v->plan, buf_str(&v->plan_text), v->run_arena, f) < 0) {
		f->kind = FAIL_SYSTEM;
		return fail_prefix(f, "%s", path);
	}
	return read_keys(v, f);
}

/* With --plan the id need not be given: the plan has it. */
static int
choose_mailing(struct view *v, struct fail *f)
{
	const struct view_args *a = v->args;

	v->id = str_of(a->id);
	if (v->plan == NULL || v->plan->email_id.p == NULL)
		return 0;
	if (a->id != NULL && !str_eq(v->id, v->plan->email_id))
		return fail_system(f, "%s is the plan of another mailing, %.*s",
		    a->plan, (int)v->plan->email_id.n, v->plan->email_id.p);
	v->id = v->plan->email_id;
	return 0;
}

static int
check_options(const struct view *v, struct fail *f)
{
	const struct view_args *a = v->args;
	bool one = a->status || a->records || a->csv || a->html != NULL ||
		   a->follow || a->plan != NULL || a->total >= 0;

	if (one && !a->verify && v->id.p == NULL)
		return fail_system(f, "--id is missing");
	if (v->plan != NULL && v->path_count > 1 && a->verify)
		return fail_system(f, "a plan is verified with one ledger");
	return 0;
}

static int
open_ledgers(struct view *v, struct fail *f)
{
	for (size_t i = 0; i < v->path_count; i++) {
		if (store_open_file(&v->ledgers.stores[i], v->paths[i],
			STORE_READ, waiting_quiet(WAIT_MS), f) < 0)
			return -1;
		v->ledgers.count++;
	}
	return 0;
}

/* Tests (bm-send --redirect) have a mark at the end of their ids. */
size_t
view_drop_tests(struct report *list, size_t count)
{
	const struct str mark = STR("~redirected");
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct str id = list[i].id;

		if (id.n < mark.n ||
		    memcmp(id.p + id.n - mark.n, mark.p, mark.n) != 0)
			list[kept++] = list[i];
	}
	return kept;
}

/* The only mailing that begins so; an exact id wins, an unknown one stays. */
static int
resolve_id(struct view *v, struct fail *f)
{
	struct report *list;
	struct str found = {0};
	size_t count, fits = 0;

	if (v->args->id == NULL || v->id.n == 0)
		return 0;
	if (ledger_read_mailings(&v->ledgers, &list, &count, v->run_arena, f) <
	    0)
		return -1;
	count = view_drop_tests(list, count);
	for (size_t i = 0; i < count; i++) {
		if (str_eq(list[i].id, v->id))
			return 0;
		if (list[i].id.n > v->id.n &&
		    memcmp(list[i].id.p, v->id.p, v->id.n) == 0) {
			found = list[i].id;
			fits++;
		}
	}
	if (fits == 1)
		v->id = found;
	return 0;
}

int
view_open(struct view *v, const struct options *o, struct fail *f)
{
	v->paths = (const char *const *)o->operands;
	v->path_count = (size_t)o->operand_count;
	if (v->path_count == 0) {
		const char **path = arena_alloc(v->run_arena, sizeof(*path));

		if (settings_need(o->settings, "BM_DB", path, f) < 0)
			return -1;
		v->paths = path;
		v->path_count = 1;
	}
	if (read_plan(v, f) < 0 || choose_mailing(v, f) < 0 ||
	    check_options(v, f) < 0)
		return -1;
	view_recover(v);
	return open_ledgers(v, f) < 0 || resolve_id(v, f) < 0 ? -1 : 0;
}

void
view_close(struct view *v)
{
	for (size_t i = 0; i < v->ledgers.count; i++)
		store_close(v->ledgers.stores[i]);
	buf_free(&v->plan_text);
	buf_free(&v->keys);
}

void
view_recover(const struct view *v)
{
	const char *program = PROGRAM;
	const struct recovery_notes notes = {program_note_by, &program};

	for (size_t i = 0; i < v->path_count; i++) {
		struct fail ignored;
		struct store *store;

		if (store_open_file(&store, v->paths[i], STORE_WRITE,
			waiting_quiet(RECOVER_MS), &ignored) < 0)
			continue;
		ledger_recover(store, &notes, &ignored);
		store_close(store);
	}
}

/* A failure that names the nearest id, as far as the ledgers can be read. */
static int
refuse_unknown_id(struct view *v, struct fail *f)
{
	struct near near = {.name = v->id};
	struct report *list;
	size_t count;

	if (ledger_read_mailings(
		&v->ledgers, &list, &count, v->report_arena, f) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		near_offer(&near, list[i].id);
	if (near.best.p != NULL)
		return fail_data(f,
		    "no mailing is called %.*s; did you mean %s?", (int)v->id.n,
		    v->id.p, near.best.p);
	return fail_data(f, "no mailing is called %.*s", (int)v->id.n, v->id.p);
}

/* Of a mailing that is not begun everybody of the plan is not started. */
static int
load_unbegun(struct view *v, bool brief, struct fail *f)
{
	refuse_unknown_id(v, f);
	if (f->kind != FAIL_DATA)
		return -1;
	if (v->args->status) {
		f->kind = FAIL_TEMP;
		return -1;
	}
	if (v->plan == NULL && v->args->total < 0)
		return -1;
	program_note(PROGRAM, "%s", f->text);
	*f = (struct fail){0};
	v->report = (struct report){.id = v->id, .state = STR("open")};
	if (v->plan != NULL)
		v->report.course_id = v->plan->course_id;
	return view_plan(v, brief, f);
}

int
view_load(struct view *v, bool brief, struct fail *f)
{
	int found = ledger_read_report(
	    &v->ledgers, v->id, brief, &v->report, v->report_arena, f);

	if (found < 0)
		return -1;
	if (found == 0)
		return load_unbegun(v, brief, f);
	if (view_bounces_count(&v->ledgers, &v->report, f) < 0 ||
	    view_plan(v, brief, f) < 0)
		return -1;
	report_doubt(&v->report, v->report_arena);
	return 0;
}

int
view_check_id(struct view *v, struct fail *f)
{
	int found;

	if (v->args->id == NULL)
		return 0;
	found = ledger_read_report(
	    &v->ledgers, v->id, true, &v->report, v->report_arena, f);
	if (found == 0)
		refuse_unknown_id(v, f);
	return found == 1 ? 0 : -1;
}

static int
count_unplanned(struct view *v, struct fail *f)
{
	struct coverage *coverage = coverage_new(buf_str(&v->keys));
	int result = ledger_read_cover(&v->ledgers, v->id, coverage, f);

	v->unplanned = coverage_unplanned(coverage);
	coverage_free(coverage);
	return result;
}

int
view_plan(struct view *v, bool lazy, struct fail *f)
{
	struct report *r = &v->report;
	bool incomplete;

	if (v->plan == NULL && v->args->total < 0)
		return 0; /* the ledger may know them */
	r->planned = v->plan != NULL ? v->plan->count : v->args->total;
	r->unplanned = v->unplanned;
	incomplete = report_missing(r) > 0 || r->all.by[REPORT_CLAIMED] > 0;
	if (v->has_keys && !(lazy && incomplete) && count_unplanned(v, f) < 0)
		return -1;
	r->unplanned = v->unplanned;
	return 0;
}

int
view_write(struct view *v, struct buf *b)
{
	int result = filter_write(v->out, buf_str(b));

	buf_free(b);
	return result;
}
