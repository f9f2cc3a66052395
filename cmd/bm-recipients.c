/* bm-recipients: prints the recipients of a mailing. */
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/options.h"
#include "base/program.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "port/db/db.h"
#include "recipients/recipients_check.h"
#include "recipients/recipients_select.h"
#include "recipients/recipients_show.h"

#define OPTIONS 20 /* with the end of the table */

static const struct option_rule rules[] = {
    {OPTION_RULE_APART, "to query read", NULL},
    {OPTION_RULE_NEEDS, "query-db timeout", "query"},
    {OPTION_RULE_APART, "never-logged-in", "last-login-within"},
    {OPTION_RULE_NEEDS, "last-login-within last-login-before never-logged-in",
	"to"},
    {OPTION_RULE_NEEDS, "as", "to except"},
    {0},
};

static void
put_versions(struct buf *b)
{
	db_library(b);
	utf8_library(b);
	addr_library(b);
}

static int
write_recipients(
    struct recipients *r, const struct settings *settings, struct fail *f)
{
	if (recipients_check(r, f) < 0 ||
	    filter_open_rejects(r->filter, r->args->rejects, f) < 0 ||
	    recipients_select(r, settings, f) < 0)
		return -1;
	return recipients_show(r, f);
}

static int
run_program(const struct recipients_args *a, const struct options *o)
{
	char *input = (char *)(a->read != NULL ? a->read : "-");
	struct recipients r = {.args = a,
	    .arena = arena_new(),
	    .filter = filter_new(PROGRAM, &input, 1)};
	struct fail f = {0};

	filter_name_few(r.filter);
	if (write_recipients(&r, o->settings, &f) < 0)
		filter_raise(r.filter, program_die(PROGRAM, &f));
	audience_close(r.audience);
	map_free(r.suppressed);
	store_close(r.store);
	db_close(r.db);
	arena_free(r.arena);
	return filter_finish(r.filter);
}

static void
fill_options(struct option_spec specs[OPTIONS], struct recipients_args *a)
{
	const struct option_spec all[] = {
	    OPTION_TEXT("db", 0, &a->db_path, "FILE", "BM_DB", "the database"),
	    OPTION_TEXT("course", 0, &a->course_id, "ID", NULL, "the course"),
	    OPTION_LIST("to", 0, &a->to, "TARGET",
		"myself, staff, learners, all, cohort:NAME, track:MODE, "
		"user:NAME, email:ADDRESS"),
	    OPTION_LIST("except", 0, &a->except, "TARGET", "leave these out"),
	    OPTION_TEXT("as", 0, &a->as, "USER", NULL, "who \"myself\" is"),
	    OPTION_DURATION("last-login-within", 0, &a->within, "TIME", NULL,
		"d", "only learners seen within TIME (18mo), or never seen"),
	    OPTION_DURATION("last-login-before", 0, &a->before, "TIME", NULL,
		"d", "only learners last seen longer ago than TIME"),
	    OPTION_FLAG("never-logged-in", 0, &a->never,
		"and, or only, learners who were never seen"),
	    OPTION_NUMBER("limit", 0, &a->limit, "N", NULL, 1, LLONG_MAX,
		"at most the first N"),
	    OPTION_FLAG("include-suppressed", 0, &a->include_suppressed,
		"do not leave out people whose mail keeps coming back"),
	    OPTION_FLAG("include-opted-out", 0, &a->include_opted_out,
		"and mark them; they are not mailed"),
	    OPTION_TEXT("ledger", 0, &a->ledger, "ID=STATE,...", NULL,
		"only whose row under mailing ID has the state, or none"),
	    OPTION_TEXT("query", 0, &a->query, "SQL|@FILE", NULL,
		"a SELECT of your own"),
	    OPTION_TEXT("query-db", 0, &a->query_db, "FILE", NULL,
		"where it is to run"),
	    OPTION_DURATION("timeout", 0, &a->timeout, "TIME", NULL, "s",
		"what --query may take"),
	    OPTION_TEXT(
		"read", 0, &a->read, "FILE|-", NULL, "records, or FILE.csv"),
	    OPTION_FLAG(
		"count", 0, &a->count, "print counts as JSON, and no records"),
	    OPTION_TEXT("expect", 0, &a->expect, "N|A..B", NULL,
		"write nothing if there are more or fewer"),
	    OPTION_TEXT("rejects", 0, &a->rejects, "FILE", NULL,
		"write refused ones to FILE"),
	    {0},
	};

	_Static_assert(
	    sizeof(all) == OPTIONS * sizeof(*all), "OPTIONS counts them");
	memcpy(specs, all, sizeof(all));
}

int
main(int argc, char **argv)
{
	struct recipients_args a = {
	    .within = -1, .before = -1, .timeout = 30000};
	struct option_spec specs[OPTIONS];
	struct options o = {.program = PROGRAM,
	    .versions = put_versions,
	    .synopsis = "--course ID --to TARGET... [OPTION...]\n"
			"--course ID --query SQL | --read FILE [OPTION...]",
	    .purpose = "Print who is to be mailed, a record each.",
	    .specs = specs,
	    .rules = rules,
	    .required = "course"};
	int status;

	fill_options(specs, &a);
	status = program_options(&o, argc, argv);
	if (status != -1)
		return status;
	a.verbose = o.verbose;
	status = run_program(&a, &o);
	options_free(&o);
	return status;
}
