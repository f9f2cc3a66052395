/* bm-import: brings a roster from a CSV file into the database. */
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/filter.h"
#include "base/num.h"
#include "base/program.h"
#include "base/progress.h"
#include "import/import_args.h"
#include "import/import_guard.h"
#include "import/import_report.h"
#include "import/import_sheet.h"
#include "port/db/db.h"
#include "port/db/db_open.h"
#include "port/roster/import_turn.h"
#include "port/roster/roster.h"
#include "port/roster/roster_csv.h"
#include "port/roster/staging.h"
#include "port/roster/staging_rest.h"

#define WAIT_MS 60000 /* longest wait for the database's write lock */

struct import {
	struct import_args args;
	struct arena *arena;
	struct import_report report;
	struct db *db;
	struct staging *staging;
	struct progress progress;
	int turn; /* descriptor, or -1 */
};

static int
stage_rows(struct import *im, struct roster_csv *csv, struct fail *f)
{
	struct roster_row row;
	unsigned long line;
	int r;

	progress_begin(
	    &im->progress, "rows read", 0, fileno(roster_csv_sheet(csv)->in));
	while ((r = roster_csv_next(csv, &row, &line, f)) != 0) {
		progress_add(&im->progress, 1);
		if (r == 1)
			import_report_row(&im->report, line, &row);
		if (r == 1)
			r = staging_add(im->staging, line, &row, f);
		if (r == 0)
			continue;
		if (f->kind != FAIL_DATA)
			return -1;
		import_report_refuse(&im->report,
		    &(struct staging_refused){line, row.id, row.email}, f);
	}
	return 0;
}

/* Another table of the file: does it have people of its own? */
static int
skip_rest(struct import *im, struct roster_csv *csv, struct fail *f)
{
	struct staging_rest rest = {.db = im->db};
	struct str key;
	int r;

	while ((r = roster_csv_skip(csv, &key, f)) == 1) {
		if (staging_rest_add(&rest, key, f) < 0)
			return -1;
	}
	if (r < 0)
		return -1;
	return staging_rest_count(&rest, &im->report.missed, f);
}

static int
set_course(const struct import *im, struct fail *f)
{
	struct roster_course_change change = {.id = str_of(im->args.course),
	    .title = str_of(im->args.title),
	    .url = str_of(im->args.url),
	    .image_url = str_of(im->args.image_url),
	    .language = str_of(im->args.language)};
	bool enabled, added;

	if (im->args.enabled != NULL) {
		if (num_bool(str_of(im->args.enabled), &enabled, f) < 0) {
			fail_prefix(f, "--email-enabled");
			f->kind = FAIL_SYSTEM;
			return -1;
		}
		change.email_enabled = &enabled;
	}
	if (roster_set_course(im->db, &change, &added, f) < 0)
		return -1;
	if (added)
		program_note(
		    IMPORT_ARGS_PROGRAM, "new course %s", im->args.course);
	return 0;
}

static int
apply_rows(struct import *im, struct fail *f)
{
	const struct staging_hooks hooks = {.ctx = &im->report,
	    .refuse = import_report_refuse,
	    .note = import_report_note};
	struct staging_diff d;

	if (!im->args.dry_run &&
	    (im->turn = import_turn_take(
		 im->db, program_tell, IMPORT_ARGS_PROGRAM, f)) < 0)
		return -1;
	progress_begin(&im->progress, "comparing with the database", 0, -1);
	if (staging_resolve(im->staging, &hooks, f) < 0 ||
	    staging_compare(im->staging, &hooks, &d, f) < 0)
		return -1;
	progress_end(&im->progress);
	import_report_diff(&im->report, &im->args, &d);
	if (import_guard_check(
		&im->args, &d, im->report.refused, im->report.missed, f) < 0)
		return -1;
	if (!im->args.dry_run && set_course(im, f) < 0)
		return -1;
	progress_begin(
	    &im->progress, "written", d.rows - d.unchanged + d.left, -1);
	if (!im->args.dry_run && staging_apply(im->staging, f) < 0)
		return -1;
	progress_end(&im->progress);
	import_report_end(&im->report, &im->args, &d);
	return 0;
}

static struct str
make_source(const struct import *im)
{
	if (im->args.source == NULL)
		return STR("");
	return str_of(arena_printf(im->arena, "%s:", im->args.source));
}

static int
import_rows(struct import *im, struct roster_csv *csv, struct fail *f)
{
	struct staging_params params = {.course_id = str_of(im->args.course),
	    .role = str_of(im->args.role),
	    .source = make_source(im),
	    .sync = im->args.sync,
	    .change_people = im->args.change_people,
	    .columns = roster_csv_columns(csv),
	    .progress = &im->progress};
	int r = -1;

	im->report.file = roster_csv_name(csv);
	if (staging_open(&im->staging, im->db, &params, f) == 0 &&
	    stage_rows(im, csv, f) == 0 && skip_rest(im, csv, f) == 0)
		r = apply_rows(im, f);
	if (im->turn >= 0)
		close(im->turn);
	staging_close(im->staging);
	return r;
}

static int
import_file(struct import *im, struct fail *f)
{
	struct roster_csv *csv;
	int r;

	if (roster_csv_open(&csv, &im->args.sheet, f) < 0)
		return -1;
	im->report.csv = csv;
	im->report.shows_people = im->args.dry_run;
	import_sheet_tell(csv, im->args.dry_run);
	r = import_rows(im, csv, f);
	roster_csv_close(csv);
	return r;
}

static int
run_import(struct import *im, struct fail *f)
{
	enum db_mode mode = im->args.dry_run  ? DB_READ
			    : im->args.create ? DB_CREATE
					      : DB_WRITE;
	struct waiting wait =
	    waiting_told(WAIT_MS, program_tell, IMPORT_ARGS_PROGRAM);

	wait.progress = &im->progress;
	if (import_args_check(&im->args, im->arena, f) < 0 ||
	    filter_open_rejects(im->report.filter, im->args.rejects, f) < 0 ||
	    db_open(&im->db, im->args.db_path, mode, wait, f) < 0 ||
	    roster_check_id(im->db, str_of(im->args.course), f) < 0)
		return -1;
	return im->args.file != NULL ? import_file(im, f) : set_course(im, f);
}

static int
run_and_report(struct import *im)
{
	struct fail f = {0};

	progress_init(
	    &im->progress, IMPORT_ARGS_PROGRAM, &im->args.progress, false);
	im->report.course = im->args.course;
	im->report.progress = &im->progress;
	im->report.filter = filter_new(IMPORT_ARGS_PROGRAM, NULL, 0);
	filter_name_few(im->report.filter);
	filter_set_progress(im->report.filter, &im->progress);
	if (run_import(im, &f) < 0) {
		progress_end(&im->progress);
		filter_raise(
		    im->report.filter, program_die(IMPORT_ARGS_PROGRAM, &f));
	}
	db_close(im->db);
	return filter_finish(im->report.filter);
}

int
main(int argc, char **argv)
{
	struct import im = {.arena = arena_new(), .turn = -1};
	struct options o;
	int status = import_args_parse(&im.args, &o, im.arena, argc, argv);

	if (status < 0) {
		status = run_and_report(&im);
		options_free(&o); /* its table is in the arena */
	}
	arena_free(im.arena);
	return status;
}
