/* Opt-outs from elsewhere, and erasing a person. */
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/num.h"
#include "base/options.h"
#include "base/program.h"
#include "optout/optout.h"
#include "port/db/db_open.h"
#include "port/db/transaction.h"
#include "port/ledger/forget.h"
#include "port/optout/hidden_key.h"
#include "port/optout/optouts_lookup.h"

#define CHUNK 200 /* rows in one transaction */

enum column { ADDRESS, USER_ID, COURSE, ACTION, SOURCE, REASON, AT, COLUMNS };

static const char *const names[COLUMNS][3] = {{"address", "email", "key"},
    {"user_id", "id"}, {"course_id", "course"}, {"action"}, {"source"},
    {"reason"}, {"at"}};

struct bring {
	const char *db, *course, *rejects, *file;
	struct subcommand *s;
	int at[COLUMNS]; /* -1: the file has no such column */
	long long rows, added;
	int open; /* rows of the transaction under way */
};

static int
find_column(const struct csv_row *header, enum column column)
{
	for (size_t i = 0; i < header->count; i++) {
		for (int k = 0; k < 3 && names[column][k] != NULL; k++) {
			if (str_is_nocase(header->fields[i], names[column][k]))
				return (int)i;
		}
	}
	return -1;
}

static struct str
cell(const struct bring *b, const struct csv_row *row, enum column column)
{
	int at = b->at[column];

	if (at < 0 || (size_t)at >= row->count)
		return (struct str){0};
	return row->fields[at];
}

static int
read_header(struct bring *b, struct csv *csv, struct fail *f)
{
	struct csv_row header;
	int rc = csv_next(csv, &header, f);

	if (rc < 0)
		return fail_system(
		    f, "%s:%lu: %s", b->file, header.line, f->text);
	for (int i = 0; i < COLUMNS; i++)
		b->at[i] = rc == 0 ? -1 : find_column(&header, (enum column)i);
	if (b->at[ADDRESS] < 0 && b->at[USER_ID] < 0)
		return fail_system(
		    f, "%s: no column address, email or user_id", b->file);
	return 0;
}

static int
fill_names(struct bring *b, const struct csv_row *row, struct optout *o,
    struct fail *f)
{
	struct str address = cell(b, row, ADDRESS);
	struct addr addr;

	o->user_id = cell(b, row, USER_ID);
	if (address.n == 0 && o->user_id.n == 0)
		return fail_data(f, "neither address nor user id");
	if (address.n == 0 || hidden_key_valid(address)) {
		o->key = address;
		return 0;
	}
	if (addr_parse(&addr, address, ADDR_RESERVED, b->s->arena, f) < 0)
		return -1;
	o->key = addr.key;
	if (o->user_id.n > 0)
		return 0;
	return optouts_lookup_user(
	    b->s->db, o->key, &o->user_id, b->s->arena, f);
}

/* An import can only say no: nothing in a file takes anybody back in. */
static int
fill_row(struct bring *b, const struct csv_row *row, struct optout *o,
    struct fail *f)
{
	struct str action = cell(b, row, ACTION), at = cell(b, row, AT);
	int64_t now = subcommand_now();

	*o = (struct optout){.out = true, .source = STR("import"), .at = now};
	if (action.n > 0 && !str_is(action, "out"))
		return fail_data(f, "only entries with action \"out\" can be "
				    "imported");
	o->course_id = cell(b, row, COURSE);
	if (o->course_id.n == 0)
		o->course_id = str_of(b->course);
	if (o->course_id.n == 0)
		return fail_data(f, "no course (* is all mail)");
	if (at.n > 0 && num_parse_time(at, &o->at, f) < 0)
		return -1;
	if (o->at > now)
		o->at = now;
	o->reason = cell(b, row, REASON);
	if (str_is(cell(b, row, SOURCE), "bounce"))
		o->source = STR("bounce");
	else if (o->reason.n == 0)
		o->reason = cell(b, row, SOURCE);
	return fill_names(b, row, o, f);
}

static int
flush(struct bring *b, struct fail *f)
{
	if (b->open == 0)
		return 0;
	b->open = 0;
	return transaction_commit(b->s->db, f);
}

static int
put(struct bring *b, const struct optout *o, struct fail *f)
{
	bool added;

	if (b->open == 0 && transaction_begin(b->s->db, f) < 0)
		return -1;
	b->open++;
	if (optouts_put(b->s->db, o, &added, f) < 0)
		return -1;
	b->rows++;
	b->added += added;
	return b->open == CHUNK ? flush(b, f) : 0;
}

static bool
report(struct bring *b, const struct csv_row *row, const struct fail *f)
{
	struct filter_record r = {
	    .file = b->file, .line = row->line, .raw = STR("")};

	return filter_report(b->s->out, &r, "import", "invalid", f);
}

static int
bring_rows(struct bring *b, struct csv *csv, struct fail *f)
{
	struct csv_row row;
	struct optout o;
	int rc;

	if (read_header(b, csv, f) < 0)
		return -1;
	while ((rc = csv_next(csv, &row, f)) != 0) {
		if (rc > 0)
			rc = fill_row(b, &row, &o, f);
		if (rc == 0 && put(b, &o, f) < 0)
			return -1;
		if (rc < 0 && !report(b, &row, f)) {
			*f = (struct fail){0};
			return -1;
		}
		arena_reset(b->s->arena);
	}
	return flush(b, f);
}

static int
bring(struct subcommand *s, void *ctx, struct fail *f)
{
	struct bring *b = ctx;
	FILE *in = stdin;
	struct csv *csv;
	int rc;

	b->s = s;
	b->file = s->o->operands[0];
	if (filter_open_rejects(s->out, b->rejects, f) < 0)
		return -1;
	if (strcmp(b->file, "-") == 0)
		b->file = "stdin";
	else if ((in = fopen(b->file, "re")) == NULL)
		return fail_errno(f, "%s: cannot open", b->file);
	csv = csv_new(in);
	rc = bring_rows(b, csv, f);
	if (rc < 0)
		transaction_rollback(s->db);
	else if (s->o->verbose)
		program_note(PROGRAM, "%lld entries, %lld of them new", b->rows,
		    b->added);
	csv_free(csv);
	if (in != stdin)
		fclose(in);
	return rc;
}

int
optout_import(int argc, char **argv)
{
	struct bring b = {0};
	struct option_spec specs[] = {
	    DB_OPTION(b.db),
	    OPTION_TEXT("course", 0, &b.course, "ID", NULL,
		"where the file names no course; * is all mail"),
	    OPTION_TEXT("rejects", 0, &b.rejects, "FILE", NULL,
		"write refused rows to FILE"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "import [--course ID] [--rejects FILE] FILE.csv",
	    .purpose = "Bring opt-outs from a CSV file into the register.",
	    .specs = specs,
	    .operands_min = 1,
	    .operands_max = 1};

	return subcommand_run(&o, argc, argv, DB_WRITE, bring, &b);
}

static int
forget(struct subcommand *s, void *ctx, struct fail *f)
{
	struct forget_counts n;
	struct addr addr;

	(void)ctx;
	if (addr_parse(&addr, str_of(s->o->operands[0]), ADDR_RESERVED,
		s->arena, f) < 0)
		return fail_prefix(f, "%s", s->o->operands[0]);
	if (forget_person(s->db, addr.key, &n, f) < 0)
		return -1;
	program_note(PROGRAM,
	    "erased: %lld users with their enrolments, what %lld deliveries "
	    "and %lld entries of the register said of the person",
	    n.users, n.deliveries, n.optouts);
	return 0;
}

int
optout_forget(int argc, char **argv)
{
	const char *db = NULL;
	struct option_spec specs[] = {
	    DB_OPTION(db),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "forget ADDRESS",
	    .purpose = "Erase a person's names and data; opt-outs stay.",
	    .specs = specs,
	    .operands_min = 1,
	    .operands_max = 1};

	return subcommand_run(&o, argc, argv, DB_WRITE, forget, NULL);
}
