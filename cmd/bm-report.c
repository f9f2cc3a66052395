/* bm-report: what happened to a mailing. */
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/options.h"
#include "base/program.h"
#include "base/utf8.h"
#include "port/open/store_open_file.h"
#include "port/optout/act_scan.h"
#include "report/view_follow.h"
#include "report/view_prune.h"
#include "report/view_show.h"
#include "report/view_stops.h"
#include "report/view_verify.h"
#include "report/view_who.h"

#define OPTIONS 21 /* with the end of the table */

static const struct option_rule rules[] = {
    {OPTION_RULE_ALONE, "who", "json all db FILE"},
    {OPTION_RULE_ALONE, "prune", "progress no-progress db FILE"},
    {OPTION_RULE_ALONE, "stops", "json db FILE"},
    {OPTION_RULE_ALONE, "verify", "id plan progress no-progress db FILE"},
    {OPTION_RULE_APART, "json records csv", NULL},
    {OPTION_RULE_APART, "plan total", NULL},
    {OPTION_RULE_APART, "total", "records csv"},
    {OPTION_RULE_APART, "all",
	"id plan total status partial state records csv html follow"},
    {OPTION_RULE_APART, "partial", "plan total"},
    {OPTION_RULE_APART, "db", "FILE"},
    {OPTION_RULE_APART, "progress no-progress", NULL},
    {OPTION_RULE_NEEDS, "progress no-progress", "verify prune"},
    {OPTION_RULE_NEEDS, "state", "records csv"},
    {OPTION_RULE_NEEDS, "raw", "csv"},
    {OPTION_RULE_NEEDS, "partial", "status"},
    {OPTION_RULE_NEEDS, "status records csv html follow total", "id plan"},
    {0},
};

static int
show_report(struct view *v, struct fail *f)
{
	if (v->args->prune >= 0)
		return view_prune(v, f);
	if (v->args->who != NULL)
		return view_who(v, f);
	if (v->args->stops)
		return view_stops(v, f);
	if (v->args->verify)
		return view_verify(v, f);
	if (v->id.p == NULL)
		return view_show_list(v, f);
	if (v->args->follow && view_follow(v, f) < 0)
		return -1;
	return view_show_mailing(v, f);
}

/* Whoever reads only may not be one who takes them over. */
static void
note_waiting(const char *path)
{
	long long n = act_scan_count(path);

	if (n > 0)
		program_note(PROGRAM,
		    "%s: %lld opt-outs wait to be taken over "
		    "(bm-optout take)",
		    path, n);
	if (n < 0)
		program_note(PROGRAM,
		    "%s: opt-outs may wait that cannot be counted", path);
}

static int
run_report(const struct view_args *a, const struct options *o)
{
	struct view v = {.args = a,
	    .out = filter_new(PROGRAM, NULL, 0),
	    .report_arena = arena_new(),
	    .run_arena = arena_new(),
	    .unplanned = -1};
	const char *db = settings_get(o->settings, "BM_DB");
	struct fail f = {0};

	if (o->operand_count == 0 && db != NULL)
		note_waiting(db);
	for (int i = 0; i < o->operand_count; i++)
		note_waiting(o->operands[i]);
	if ((view_open(&v, o, &f) < 0 || show_report(&v, &f) < 0) &&
	    f.kind != FAIL_NONE)
		filter_raise(v.out, program_die(PROGRAM, &f));
	view_close(&v);
	arena_free(v.report_arena);
	arena_free(v.run_arena);
	return filter_finish(v.out);
}

static void
put_versions(struct buf *b)
{
	store_open_file_library(b);
	crypto_library(b);
	utf8_library(b);
}

static void
fill_options(struct option_spec specs[OPTIONS], struct view_args *a)
{
	const struct option_spec all[] = {
	    OPTION_TEXT("id", 0, &a->id, "ID", NULL,
		"the mailing; without it all are listed"),
	    OPTION_TEXT("db", 0, &a->db, "FILE", "BM_DB",
		"the database with the ledger"),
	    OPTION_FLAG("status", 0, &a->status,
		"end with the mailing's exit status; print nothing"),
	    OPTION_FLAG("partial", 0, &a->partial,
		"that of those who are known, if nobody knows the total"),
	    OPTION_FLAG("json", 0, &a->json, "print one JSON object a mailing"),
	    OPTION_FLAG(
		"records", 0, &a->records, "print one record a recipient"),
	    OPTION_FLAG("csv", 0, &a->csv, "print one line of CSV a recipient"),
	    OPTION_FLAG("raw", 0, &a->raw,
		"of --csv: no apostrophe before what may be a formula"),
	    OPTION_TEXT("state", 0, &a->state, "STATE,...", NULL,
		"only recipients in these states"),
	    OPTION_TEXT("html", 0, &a->html, "FILE", NULL,
		"write a page with charts to FILE"),
	    OPTION_FLAG("follow", 0, &a->follow,
		"show the progress until the mailing is complete"),
	    OPTION_TEXT("plan", 0, &a->plan, "FILE", NULL,
		"what was to be sent, from bm-batch"),
	    OPTION_NUMBER("total", 0, &a->total, "N", NULL, 0, 0,
		"or just the number of recipients"),
	    OPTION_TEXT("who", 0, &a->who, "PERSON", NULL,
		"what became of their messages: ADDRESS, user:NAME or ID"),
	    OPTION_FLAG("all", 0, &a->all, "list tests (--redirect), too"),
	    OPTION_FLAG("verify", 0, &a->verify,
		"check the ledger itself, and against the plan"),
	    OPTION_FLAG("stops", 0, &a->stops,
		"list what relays have refused, and how that ends"),
	    OPTION_DURATION("prune", 0, &a->prune, "TIME", NULL, "d",
		"forget who got mailings that are older"),
	    PROGRESS_OPTIONS(a->progress),
	    {0},
	};

	_Static_assert(
	    sizeof(all) == OPTIONS * sizeof(*all), "OPTIONS counts them");
	memcpy(specs, all, sizeof(all));
}

int
main(int argc, char **argv)
{
	struct view_args a = {.total = -1, .prune = -1};
	struct option_spec specs[OPTIONS];
	struct options o = {.program = PROGRAM,
	    .versions = put_versions,
	    .synopsis = "[--json] [LEDGER...]\n"
			"--id ID [OPTION...] [LEDGER...]\n"
			"--verify [--id ID] [--plan FILE] [LEDGER...]\n"
			"--who PERSON [--json] [LEDGER...]\n"
			"--stops [--json] [LEDGER...]\n"
			"--prune TIME [LEDGER...]",
	    .purpose = "Tell what happened to a mailing.",
	    .specs = specs,
	    .rules = rules,
	    .operands_max = LEDGER_READ_LEDGERS};
	int status;

	fill_options(specs, &a);
	status = program_options(&o, argc, argv);
	if (status != -1)
		return status;
	status = run_report(&a, &o);
	options_free(&o);
	return status;
}
