/* import: opt-outs from a CSV file. */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/json_put.h"
#include "base/num.h"
#include "base/program.h"
#include "base/progress.h"
#include "mail/roster/course.h"
#include "optout/import_courses.h"
#include "optout/optout.h"
#include "optout/subcommand.h"
#include "port/optout/hidden_key.h"
#include "port/roster/roster_lookup.h"

#define CHUNK 200   /* rows in one transaction */
#define PIECE 65536 /* bytes copied at once */

enum column { ADDRESS, USER_ID, COURSE, ACTION, SOURCE, REASON, AT, COLUMNS };

static const char *const names[COLUMNS][3] = {{"address", "email", "key"},
    {"user_id", "id"}, {"course_id", "course"}, {"action"}, {"source"},
    {"reason"}, {"at"}};

struct import {
	const char *db, *course, *rejects, *file;
	struct subcommand *s;
	struct import_courses *courses;
	int at[COLUMNS]; /* -1: the file has no such column */
	long long rows, added;
	int open; /* rows in the open transaction */
	struct progress_options progress_options;
	struct progress progress;
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
get_cell(const struct import *im, const struct csv_row *row, enum column column)
{
	int at = im->at[column];

	if (at < 0 || (size_t)at >= row->count)
		return (struct str){0};
	return row->fields[at];
}

static int
read_header(struct import *im, struct csv *csv, struct fail *f)
{
	struct csv_row header;
	int rc = csv_next(csv, &header, f);

	if (rc < 0)
		return fail_system(
		    f, "%s:%lu: %s", im->file, header.line, f->text);
	for (int i = 0; i < COLUMNS; i++)
		im->at[i] = rc == 0 ? -1 : find_column(&header, (enum column)i);
	if (im->at[ADDRESS] < 0 && im->at[USER_ID] < 0)
		return fail_system(
		    f, "%s: no column address, email or user_id", im->file);
	return 0;
}

static int
fill_names(struct import *im, const struct csv_row *row, struct optout *o,
    struct fail *f)
{
	struct str address = get_cell(im, row, ADDRESS);
	struct addr addr;

	o->user_id = get_cell(im, row, USER_ID);
	if (address.n == 0 && o->user_id.n == 0)
		return fail_data(f, "neither address nor user id");
	if (address.n == 0 || hidden_key_valid(address)) {
		o->key = address;
		return 0;
	}
	if (addr_parse(&addr, address, ADDR_RESERVED, im->s->arena, f) < 0)
		return -1;
	o->key = addr.key;
	if (o->user_id.n > 0)
		return 0;
	return roster_lookup_user(
	    im->s->db, o->key, &o->user_id, im->s->arena, f);
}

/* A source as the register has it stays; any other word becomes the reason. */
static void
fill_source(
    const struct import *im, const struct csv_row *row, struct optout *o)
{
	static const char *const known[] = {
	    "page", "one-click", "mail", "operator", "bounce", "complaint"};
	struct str source = get_cell(im, row, SOURCE);

	o->source = STR("import");
	o->reason = get_cell(im, row, REASON);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (str_is(source, known[i]))
			o->source = source;
	}
	if (o->reason.n == 0 && !str_eq(source, o->source))
		o->reason = source;
}

/* An import only adds opt-outs: no file takes a person back in. */
static int
fill_row(struct import *im, const struct csv_row *row, struct optout *o,
    struct fail *f)
{
	struct str action = get_cell(im, row, ACTION),
		   at = get_cell(im, row, AT);
	int64_t now = clock_wall_ms();

	*o = (struct optout){.out = true, .at = now};
	if (action.n > 0 && !str_is(action, "out"))
		return fail_data(f, "only entries with action \"out\" can be "
				    "imported");
	o->course_id = get_cell(im, row, COURSE);
	if (o->course_id.n == 0)
		o->course_id = str_of(im->course);
	if (o->course_id.n == 0)
		return fail_data(f, "no course (* is all mail)");
	if (!str_is(o->course_id, "*") &&
	    course_check_new_id(o->course_id, f) < 0)
		return -1;
	if (at.n > 0 && num_parse_time(at, &o->at, f) < 0)
		return -1;
	if (o->at > now)
		o->at = now;
	fill_source(im, row, o);
	return fill_names(im, row, o, f);
}

static int
commit_rows(struct import *im, struct fail *f)
{
	if (im->open == 0)
		return 0;
	im->open = 0;
	return store_commit(im->s->store, f);
}

static int
register_row(struct import *im, const struct optout *o, struct fail *f)
{
	bool added;

	if (im->open == 0 && store_begin(im->s->store, false, f) < 0)
		return -1;
	im->open++;
	if (optouts_put(im->s->store->optouts, o, &added, f) < 0)
		return -1;
	im->rows++;
	im->added += added;
	return im->open == CHUNK ? commit_rows(im, f) : 0;
}

/* An empty cell as null. */
static void
put_member_cell(struct buf *b, const char *name, struct str cell)
{
	json_put(b, name, cell.n > 0 ? cell : (struct str){0});
}

static bool
report_row(struct import *im, const struct csv_row *row, const struct fail *f)
{
	struct filter_record r = {.file = im->file, .line = row->line};
	struct str course = get_cell(im, row, COURSE);
	struct buf identity = {0};
	bool go_on;

	buf_addc(&identity, '{');
	put_member_cell(&identity, "email", get_cell(im, row, ADDRESS));
	put_member_cell(&identity, "user_id", get_cell(im, row, USER_ID));
	put_member_cell(
	    &identity, "course_id", course.n > 0 ? course : str_of(im->course));
	buf_addc(&identity, '}');
	r.raw = buf_str(&identity);
	go_on = filter_report(im->s->out, &r, "import", "invalid", f);
	buf_free(&identity);
	return go_on;
}

static int
import_rows(struct import *im, struct csv *csv, struct fail *f)
{
	struct csv_row row;
	struct optout o;
	int rc;

	if (read_header(im, csv, f) < 0)
		return -1;
	while ((rc = csv_next(csv, &row, f)) != 0) {
		progress_add(&im->progress, 1);
		if (rc > 0)
			rc = fill_row(im, &row, &o, f);
		if (rc == 0) {
			if (register_row(im, &o, f) < 0)
				return -1;
			import_courses_count(
			    im->courses, o.course_id, row.line);
		}
		if (rc < 0 && !report_row(im, &row, f)) {
			*f = (struct fail){0};
			return -1;
		}
		arena_reset(im->s->arena);
	}
	return commit_rows(im, f);
}

static int
copy_bytes(const struct import *im, FILE *in, int to, struct fail *f)
{
	char piece[PIECE];
	size_t n;

	while ((n = fread(piece, 1, sizeof(piece), in)) > 0) {
		if (file_temporary_write(to, (struct str){piece, n}, f) < 0)
			return -1;
	}
	return ferror(in) ? fail_errno(f, "%s: cannot be read", im->file) : 0;
}

/* Copy the input: it is read twice, and must not change meanwhile. */
static int
open_copy(struct import *im, FILE **copy, struct fail *f)
{
	bool standard = strcmp(im->s->o->operands[0], "-") == 0;
	FILE *in = stdin;
	int rc, fd;

	im->file = standard ? "stdin" : im->s->o->operands[0];
	if (!standard && (in = fopen(im->file, "re")) == NULL)
		return fail_errno(f, "%s: cannot open", im->file);
	fd = file_temporary(f);
	rc = fd < 0 || copy_bytes(im, in, fd, f) < 0 ? -1 : 0;
	if (!standard)
		fclose(in);
	if (rc == 0 && (*copy = fdopen(fd, "r")) == NULL)
		rc = fail_errno(f, "%s: cannot be read", im->file);
	if (rc < 0 && fd >= 0)
		close(fd);
	return rc;
}

/* Broken quoting, which its last line may show, refuses the whole file. */
static int
check_quotes(const struct import *im, FILE *copy, struct fail *f)
{
	struct csv *csv = csv_new(copy);
	struct csv_row row;
	int rc;

	rewind(copy);
	do
		rc = csv_next(csv, &row, f);
	while (rc > 0 || (rc < 0 && f->kind == FAIL_DATA));
	if (rc < 0 && row.line > 0)
		fail_system(
		    f, "%s:%lu: %s: " CSV_REMEDY, im->file, row.line, f->text);
	else if (rc < 0)
		fail_prefix(f, "%s", im->file);
	csv_free(csv);
	rewind(copy);
	return rc;
}

static int
import_copy(struct import *im, FILE *copy, struct fail *f)
{
	struct csv *csv;
	int rc;

	progress_begin(&im->progress, "checking the quotes", 0, -1);
	if (check_quotes(im, copy, f) < 0)
		return -1;
	csv = csv_new(copy);
	im->courses = import_courses_new();
	progress_begin(&im->progress, "rows read", 0, fileno(copy));
	rc = import_rows(im, csv, f);
	progress_end(&im->progress);
	if (rc < 0)
		store_rollback(im->s->store);
	else
		rc = import_courses_tell(im->courses, im->s, im->file, f);
	import_courses_free(im->courses);
	if (rc == 0 && im->s->o->verbose)
		program_note(PROGRAM, "%lld entries, %lld of them new",
		    im->rows, im->added);
	csv_free(csv);
	return rc;
}

static int
import_file(struct subcommand *s, void *ctx, struct fail *f)
{
	struct import *im = ctx;
	FILE *copy;
	int rc;

	im->s = s;
	filter_name_few(s->out);
	progress_init(&im->progress, PROGRAM, &im->progress_options, false);
	filter_set_progress(s->out, &im->progress);
	if (filter_open_rejects(s->out, im->rejects, f) < 0 ||
	    open_copy(im, &copy, f) < 0)
		return -1;
	rc = import_copy(im, copy, f);
	fclose(copy);
	return rc;
}

int
optout_import(int argc, char **argv)
{
	static const struct option_rule rules[] = {
	    {OPTION_RULE_APART, "progress no-progress", NULL}, {0}};
	struct import im = {0};
	struct option_spec specs[] = {
	    DB_OPTION(im.db),
	    OPTION_TEXT("course", 0, &im.course, "ID", NULL,
		"where the file names no course; * is all mail"),
	    OPTION_TEXT("rejects", 0, &im.rejects, "FILE", NULL,
		"write refused rows to FILE"),
	    PROGRESS_OPTIONS(im.progress_options),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "import [--course ID] [--rejects FILE] FILE.csv",
	    .purpose = "Bring opt-outs from a CSV file into the register.",
	    .specs = specs,
	    .rules = rules,
	    .operands_min = 1,
	    .operands_max = 1};

	return subcommand_run(&o, argc, argv, DB_WRITE, import_file, &im);
}
