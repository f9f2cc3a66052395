/* list, export, history and check: printing rows of the register. */
#include "base/buf.h"
#include "base/csv_put.h"
#include "base/num.h"
#include "optout/optout.h"
#include "optout/person.h"
#include "optout/scope.h"
#include "optout/subcommand.h"
#include "port/optout/hidden_key.h"
#include "port/optout/optouts_list.h"

struct show {
	const char *db, *course, *user_id, *format;
	bool history, csv, raw, force;
	long long shown; /* rows */
	struct subcommand *s;
	struct person who;
	struct buf hidden; /* the hidden key of the person */
};

static void
put_csv(struct buf *b, const struct optout *o, enum csv_put_form form)
{
	struct buf at = {0};
	const struct str fields[] = {o->course_id, o->user_id, o->key,
	    o->out ? STR("out") : STR("in"), o->source, o->reason};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		csv_put(b, fields[i], form, true);
		buf_addc(b, ',');
	}
	num_rfc3339(&at, o->at);
	csv_put(b, buf_str(&at), CSV_PUT_RAW, true);
	buf_adds(b, "\r\n");
	buf_free(&at);
}

static int
show_row(struct show *show, const struct optout *o)
{
	struct buf line = {0};
	int rc;

	if (show->csv)
		put_csv(&line, o, show->raw ? CSV_PUT_RAW : CSV_PUT_SHEET);
	else
		subcommand_put_row(&line, o);
	rc = filter_write(show->s->out, buf_str(&line));
	show->shown++;
	buf_free(&line);
	return rc;
}

/* -1 with FAIL_NONE: writing failed, and filter_write() has reported it. */
static int
visit_row(void *ctx, const struct optout *o, struct fail *f)
{
	struct show *show = ctx;

	*f = (struct fail){0};
	return o->out || show->history ? show_row(show, o) : 0;
}

static int
list_rows(struct subcommand *s, void *ctx, struct fail *f)
{
	struct show *show = ctx;
	struct str scope = {0};

	show->s = s;
	show->csv = str_is(str_of(show->format), "csv");
	if (!show->csv && !str_is(str_of(show->format), "ndjson"))
		return fail_system(
		    f, "--format is ndjson or csv, not %s", show->format);
	if (show->raw && !show->csv)
		return fail_system(f, "--raw needs --format csv");
	if (show->course != NULL &&
	    scope_find(s, show->course, SCOPE_FIND, false, &scope, f) < 0)
		return -1;
	if (show->csv &&
	    filter_write(s->out,
		STR("course_id,user_id,address,action,source,reason,at\r\n")) <
		0)
		return -1;
	return optouts_list(
	    s->store->optouts, scope, show->history, visit_row, show, f);
}

int
optout_list(int argc, char **argv)
{
	struct show show = {.format = "ndjson"};
	struct option_spec specs[] = {
	    DB_OPTION(show.db),
	    OPTION_TEXT("course", 0, &show.course, "ID", NULL,
		"this course only; * is all mail"),
	    OPTION_FLAG("history", 0, &show.history,
		"every row, not only what counts now"),
	    OPTION_TEXT("format", 0, &show.format, "ndjson|csv", NULL,
		"form of the output"),
	    OPTION_FLAG("raw", 0, &show.raw,
		"of csv: no apostrophe before what may be a formula"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "list [--course ID] [--history] [--format ndjson|csv] "
			"[--raw]",
	    .purpose = "Print who is opted out.",
	    .specs = specs};

	return subcommand_run(&o, argc, argv, DB_READ, list_rows, &show);
}

int
optout_export(int argc, char **argv)
{
	struct show show = {.format = "csv", .raw = true};
	struct option_spec specs[] = {
	    DB_OPTION(show.db),
	    OPTION_TEXT("course", 0, &show.course, "ID", NULL,
		"this course only; * is all mail"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "export [--course ID]",
	    .purpose = "Print who is opted out as CSV that import takes.",
	    .specs = specs};

	return subcommand_run(&o, argc, argv, DB_READ, list_rows, &show);
}

static int
list_history(struct subcommand *s, void *ctx, struct fail *f)
{
	struct show *show = ctx;

	show->s = s;
	show->history = true;
	if (person_find_only(s, show->user_id, &show->who, f) < 0 ||
	    optouts_list_person(s->store->optouts, show->who.user_id,
		show->who.key, visit_row, show, f) < 0)
		return -1;
	return show->shown > 0 ? 0
			       : person_note_unknown(s, &show->who, false, f);
}

int
optout_history(int argc, char **argv)
{
	struct show show = {0};
	struct option_spec specs[] = {
	    DB_OPTION(show.db),
	    OPTION_TEXT("user-id", 0, &show.user_id, "ID", NULL,
		"the person's user id; looked up when not given"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "history [--user-id ID] ADDRESS|user:NAME",
	    .purpose = "Print all that the register has of a person.",
	    .specs = specs,
	    .operands_min = 1,
	    .operands_max = 1};

	return subcommand_run(&o, argc, argv, DB_READ, list_history, &show);
}

/* Shows the current rows that count against the person. */
static int
visit_against(void *ctx, const struct optout *o, struct fail *f)
{
	struct show *show = ctx;
	bool same_user =
	    o->user_id.n > 0 && str_eq(o->user_id, show->who.user_id);

	*f = (struct fail){0};
	if (!o->out || !(same_user || str_eq(o->key, show->who.key) ||
			   str_eq(o->key, buf_str(&show->hidden))))
		return 0;
	return show_row(show, o);
}

static int
check_person(struct subcommand *s, void *ctx, struct fail *f)
{
	struct show *show = ctx;
	struct str scope;
	bool out;

	show->s = s;
	if (scope_find(s, show->course, SCOPE_ASK, show->force, &scope, f) <
		0 ||
	    person_find_only(s, show->user_id, &show->who, f) < 0 ||
	    optouts_check(s->store->optouts, scope, show->who.user_id,
		show->who.key, &out, f) < 0)
		return -1;
	if (!out)
		return person_note_unknown(s, &show->who, false, f);
	filter_raise(s->out, 1);
	hidden_key_put(&show->hidden, show->who.key);
	if (optouts_list(s->store->optouts, STR(ALL_MAIL), false, visit_against,
		show, f) < 0)
		return -1;
	if (show->course == NULL)
		return 0;
	return optouts_list(
	    s->store->optouts, scope, false, visit_against, show, f);
}

int
optout_check(int argc, char **argv)
{
	struct show show = {0};
	struct option_spec specs[] = {
	    DB_OPTION(show.db),
	    OPTION_TEXT("course", 0, &show.course, "ID", NULL,
		"about this course; else about all mail"),
	    OPTION_TEXT("user-id", 0, &show.user_id, "ID", NULL,
		"the person's user id; looked up when not given"),
	    SCOPE_FORCE_OPTION(show.force),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "check [--course ID] [--user-id ID] ADDRESS|user:NAME",
	    .purpose = "May this person be mailed? 0 yes; 1 no, and why is "
		       "printed.",
	    .specs = specs,
	    .operands_min = 1,
	    .operands_max = 1};
	int status;

	status = subcommand_run(&o, argc, argv, DB_READ, check_person, &show);
	buf_free(&show.hidden);
	return status;
}
