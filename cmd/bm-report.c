/* bm-report: what happened to a mailing. */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/program.h"
#include "base/utf8.h"
#include "port/db/db.h"
#include "port/ledger/ledger.h"
#include "report/view.h"

#define RECOVER_MS 3000 /* longest wait to fold what the dead have left */
#define PLAN_MAX (256 * 1024 * 1024)

/*
 * Somebody who may only read sees the same numbers but for claims of dead
 * processes, so that this is no failure.
 */
static void
recover(const char *path)
{
	struct ledger *ledger;
	struct fail f;
	struct db *db;

	if (db_open(&db, path, DB_WRITE, RECOVER_MS, &f) == -1)
		return;
	if (ledger_open(&ledger, db, LEDGER_POWER, &f) == 0)
		ledger_close(ledger, &f);
	db_close(db);
}

void
view_recover(const struct view *v)
{
	for (size_t i = 0; i < v->path_count; i++)
		recover(v->paths[i]);
}

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
	    plan_check_keys(v->plan, buf_str(&v->keys), f) == -1) {
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
	v->plan = arena_alloc(v->run, sizeof(*v->plan));
	if (file_read(&v->plan_text, path, PLAN_MAX, NULL, f) == -1)
		return -1;
	if (plan_parse(v->plan, buf_str(&v->plan_text), v->run, f) == -1) {
		f->kind = FAIL_SYSTEM;
		return fail_prefix(f, "%s", path);
	}
	return read_keys(v, f);
}

/* The plan knows which mailing it is of. */
static int
choose_id(struct view *v, struct fail *f)
{
	const struct args *a = v->args;

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
check_args(const struct view *v, struct fail *f)
{
	const struct args *a = v->args;
	bool one = a->status || a->records || a->csv || a->html != NULL ||
		   a->follow || a->plan != NULL || a->total >= 0;

	if (one && !a->verify && v->id.p == NULL)
		return fail_system(f, "--id is missing");
	if (a->state != NULL && !a->records && !a->csv)
		return fail_system(f, "--state needs --records or --csv");
	if (a->prune >= 0 && (one || a->verify || v->id.p != NULL))
		return fail_system(f, "--prune goes with no other option");
	if (v->plan != NULL && v->path_count > 1 && a->verify)
		return fail_system(f, "a plan is verified with one ledger");
	return 0;
}

static int
open_ledgers(
    struct view *v, const struct options *o, const char **path, struct fail *f)
{
	v->paths = (const char *const *)o->operands;
	v->path_count = (size_t)o->operand_count;
	if (v->path_count == 0) {
		if (settings_need(o->settings, "BM_DB", path, f) == -1)
			return -1;
		v->paths = path;
		v->path_count = 1;
	}
	if (read_plan(v, f) == -1 || choose_id(v, f) == -1 ||
	    check_args(v, f) == -1)
		return -1;
	view_recover(v);
	return ledger_read_open(&v->stats, v->paths, v->path_count, f);
}

static int
dispatch(struct view *v, struct fail *f)
{
	if (v->args->prune >= 0)
		return view_prune(v, f);
	if (v->args->verify)
		return view_verify(v, f);
	if (v->id.p == NULL)
		return view_list(v, f);
	if (v->args->follow && view_follow(v, f) == -1)
		return -1;
	return view_mailing(v, f);
}

static int
run(const struct args *a, const struct options *o)
{
	struct view v = {.args = a,
	    .arena = arena_new(),
	    .run = arena_new(),
	    .unplanned = -1};
	struct fail f = {0};
	const char *path;

	v.out = filter_new(PROGRAM, NULL, 0);
	if ((open_ledgers(&v, o, &path, &f) == -1 || dispatch(&v, &f) == -1) &&
	    f.kind != FAIL_NONE)
		filter_raise(v.out, program_die(PROGRAM, &f));
	ledger_read_close(v.stats);
	buf_free(&v.plan_text);
	buf_free(&v.keys);
	arena_free(v.arena);
	arena_free(v.run);
	return filter_finish(v.out);
}

static void
versions(struct buf *b)
{
	db_library(b);
	crypto_library(b);
	utf8_library(b);
}

int
main(int argc, char **argv)
{
	struct args a = {.total = -1, .prune = -1};
	struct option_spec specs[] = {
	    OPTION_TEXT("id", 0, &a.id, "ID", NULL,
		"the mailing; without it all are listed"),
	    OPTION_TEXT("db", 0, &a.db, "FILE", "BM_DB",
		"the database with the ledger"),
	    OPTION_FLAG("status", 0, &a.status,
		"end with the mailing's exit status; print nothing"),
	    OPTION_FLAG("json", 0, &a.json, "print one JSON object a mailing"),
	    OPTION_FLAG(
		"records", 0, &a.records, "print one record a recipient"),
	    OPTION_FLAG("csv", 0, &a.csv, "print one line of CSV a recipient"),
	    OPTION_TEXT("state", 0, &a.state, "STATE,...", NULL,
		"only recipients in these states"),
	    OPTION_TEXT("html", 0, &a.html, "FILE", NULL,
		"write a page with charts to FILE"),
	    OPTION_FLAG("follow", 0, &a.follow,
		"show the progress until the mailing is complete"),
	    OPTION_TEXT("plan", 0, &a.plan, "FILE", NULL,
		"what was to be sent, from bm-batch"),
	    OPTION_NUMBER("total", 0, &a.total, "N", NULL, 0, 0,
		"or just the number of recipients"),
	    OPTION_FLAG("verify", 0, &a.verify,
		"check the ledger itself, and against the plan"),
	    OPTION_DURATION("prune", 0, &a.prune, "TIME", NULL,
		"forget who got mailings that are older"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .versions = versions,
	    .synopsis = "[--json] [LEDGER...]\n"
			"--id ID [OPTION...] [LEDGER...]\n"
			"--verify [--id ID] [--plan FILE] [LEDGER...]\n"
			"--prune TIME [LEDGER...]",
	    .purpose = "Tell what happened to a mailing.",
	    .specs = specs,
	    .operands_max = LEDGER_READ_LEDGERS};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	status = run(&a, &o);
	options_free(&o);
	return status;
}
