/* bm-import: brings a roster from a CSV file into the database. */
#include <string.h>

#include "base/buf.h"
#include "base/filter.h"
#include "base/json_put.h"
#include "base/num.h"
#include "base/options.h"
#include "base/program.h"
#include "base/range.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "mail/record/record.h"
#include "mail/roster/roster_text.h"
#include "port/db/db.h"
#include "port/db/db_open.h"
#include "port/roster/roster.h"
#include "port/roster/roster_csv.h"
#include "port/roster/staging.h"

#define PROGRAM "bm-import"
#define WAIT_MS 60000 /* longest wait for the database's write lock */

/* Without --expect-removed, --sync removes the larger number at most. */
#define GUARD_MIN 10     /* people */
#define GUARD_PERCENT 10 /* of the rows */

struct import {
	const char *db_path, *course, *title, *url, *image_url, *language;
	const char *role, *enabled, *expect_removed, *rejects;
	bool create, sync, dry_run, verbose;

	const char *file; /* NULL: set only the course */
	struct option_spec specs[15];
	struct filter *filter;
	struct db *db;
	struct staging *staging;
	long long refused;
};

static void
put_libraries(struct buf *b)
{
	db_library(b);
	utf8_library(b);
	addr_library(b);
}

static int
check_url(const char *what, const char *url, struct fail *f)
{
	struct str s = str_of(url);

	if (url == NULL)
		return 0;
	if (!str_starts(s, "http://") && !str_starts(s, "https://"))
		return fail_system(
		    f, "--%s must begin with https:// or http://", what);
	if (strpbrk(url, " \"<>\\") != NULL)
		return fail_system(f, "--%s is not a URL", what);
	return roster_text_check(what, s, f);
}

static int
check_texts(const struct import *im, struct fail *f)
{
	if (record_check_course_id(str_of(im->course), f) < 0 ||
	    (im->title != NULL &&
		roster_text_check("--title", str_of(im->title), f) < 0) ||
	    (im->role != NULL &&
		roster_text_check("--role", str_of(im->role), f) < 0) ||
	    check_url("url", im->url, f) < 0 ||
	    check_url("image-url", im->image_url, f) < 0)
		return -1;
	if (im->language != NULL &&
	    im->language[strspn(im->language,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-")] != '\0')
		return fail_data(
		    f, "--language is not a language tag like en or pt-BR");
	return 0;
}

static int
check_options(const struct import *im, struct fail *f)
{
	if (im->db_path == NULL)
		return fail_system(f, "no database: use --db or set BM_DB");
	if (im->file == NULL && (im->role != NULL || im->sync || im->dry_run))
		return fail_system(
		    f, "--role, --sync and --dry-run need a file");
	if (im->file == NULL && !im->create && im->title == NULL &&
	    im->url == NULL && im->image_url == NULL && im->language == NULL &&
	    im->enabled == NULL)
		return fail_system(f,
		    "nothing to do: name a file (- is standard input), or "
		    "set something of the course");
	if (im->expect_removed != NULL && !im->sync)
		return fail_system(f, "--expect-removed needs --sync");
	if (check_texts(im, f) == 0)
		return 0;
	f->kind = FAIL_SYSTEM;
	return -1;
}

/* The exit status will be 1; the other rows are imported. */
static void
report_row(void *ctx, unsigned long line, const struct fail *why)
{
	struct import *im = ctx;
	struct filter_record r = {.file = im->file, .line = line};

	im->refused++;
	filter_report(im->filter, &r, "import", "invalid", why);
}

static int
stage_rows(struct import *im, struct roster_csv *csv, struct fail *f)
{
	struct roster_row row;
	unsigned long line;
	int r;

	while ((r = roster_csv_next(csv, &row, &line, f)) != 0) {
		if (r == 1)
			r = staging_add(im->staging, line, &row, f);
		if (r == 0)
			continue;
		if (f->kind != FAIL_DATA)
			return -1;
		report_row(im, line, f);
	}
	return 0;
}

static void
print_diff(struct import *im, const struct staging_diff *d)
{
	struct buf b = {0};

	buf_addc(&b, '{');
	json_put(&b, "course_id", str_of(im->course));
	json_put_int(&b, "rows", d->rows + im->refused);
	json_put_int(&b, "refused", im->refused);
	json_put_int(&b, "unchanged", d->unchanged);
	json_put_int(&b, "users_added", d->users_added);
	json_put_int(&b, "users_changed", d->users_changed);
	json_put_int(&b, "enrolled", d->enrolled);
	json_put_int(&b, "enrollments_changed", d->enrollments_changed);
	json_put_int(&b, "unenrolled", d->unenrolled);
	json_put_int(&b, "roles_added", d->roles_added);
	json_put_int(&b, "removed", d->removed);
	buf_adds(&b, "}\n");
	filter_write(im->filter, buf_str(&b));
	buf_free(&b);
}

static void
report_diff(const struct import *im, const struct staging_diff *d)
{
	program_note(PROGRAM,
	    "%s: %s%lld rows, %lld refused, %lld unchanged; people: %lld new, "
	    "%lld changed; %lld enrolled, %lld enrolments changed, %lld ended; "
	    "%lld roles given; %lld removed by --sync",
	    im->course, im->dry_run ? "would change: " : "",
	    d->rows + im->refused, im->refused, d->unchanged, d->users_added,
	    d->users_changed, d->enrolled, d->enrollments_changed,
	    d->unenrolled, d->roles_added, d->removed);
}

/* People missing from a file that was cut short must keep their course. */
static int
check_removed(
    const struct import *im, const struct staging_diff *d, struct fail *f)
{
	struct range range = {0, d->rows > 0 ? GUARD_MIN : 0};

	if (d->removed > 0 && im->refused > 0)
		return fail_data(f,
		    "nothing is changed: --sync would remove %lld people, but "
		    "%lld rows were refused",
		    d->removed, im->refused);
	if (im->expect_removed != NULL &&
	    range_parse(&range, str_of(im->expect_removed), f) < 0)
		return -1;
	if (im->expect_removed == NULL &&
	    range.max < d->rows * GUARD_PERCENT / 100)
		range.max = d->rows * GUARD_PERCENT / 100;
	if (range_has(&range, d->removed))
		return 0;
	return fail_system(f,
	    "nothing is changed: --sync would remove %lld people (say "
	    "--expect-removed %lld if that is right)",
	    d->removed, d->removed);
}

static int
set_course(struct import *im, struct fail *f)
{
	struct roster_course_change change = {.id = str_of(im->course),
	    .title = str_of(im->title),
	    .url = str_of(im->url),
	    .image_url = str_of(im->image_url),
	    .language = str_of(im->language)};
	bool enabled, added;

	if (im->enabled != NULL) {
		if (num_bool(str_of(im->enabled), &enabled, f) < 0) {
			fail_prefix(f, "--email-enabled");
			f->kind = FAIL_SYSTEM;
			return -1;
		}
		change.email_enabled = &enabled;
	}
	if (roster_set_course(im->db, &change, &added, f) < 0)
		return -1;
	if (added)
		program_note(PROGRAM, "new course %s", im->course);
	return 0;
}

static int
apply_rows(struct import *im, struct fail *f)
{
	struct staging_diff d;

	if (staging_resolve(im->staging, report_row, im, f) < 0 ||
	    staging_compare(im->staging, &d, f) < 0)
		return -1;
	if (im->dry_run)
		print_diff(im, &d);
	if (im->dry_run || im->verbose)
		report_diff(im, &d);
	if (im->sync && check_removed(im, &d, f) < 0)
		return -1;
	if (im->dry_run)
		return 0;
	return set_course(im, f) < 0 ? -1 : staging_apply(im->staging, f);
}

static int
import_rows(struct import *im, struct roster_csv *csv, struct fail *f)
{
	struct staging_params params = {.course_id = str_of(im->course),
	    .role = str_of(im->role),
	    .sync = im->sync,
	    .columns = roster_csv_columns(csv)};
	int r = -1;

	im->file = roster_csv_name(csv);
	if (staging_open(&im->staging, im->db, &params, f) == 0 &&
	    stage_rows(im, csv, f) == 0)
		r = apply_rows(im, f);
	staging_close(im->staging);
	return r;
}

static int
import_file(struct import *im, struct fail *f)
{
	struct roster_csv *csv;
	int r;

	if (roster_csv_open(&csv, im->file, f) < 0)
		return -1;
	r = import_rows(im, csv, f);
	roster_csv_close(csv);
	return r;
}

static int
run_import(struct import *im, struct fail *f)
{
	enum db_mode mode = im->dry_run  ? DB_READ
			    : im->create ? DB_CREATE
					 : DB_WRITE;

	if (check_options(im, f) < 0 ||
	    filter_open_rejects(im->filter, im->rejects, f) < 0 ||
	    db_open(&im->db, im->db_path, mode, WAIT_MS, f) < 0)
		return -1;
	return im->file != NULL ? import_file(im, f) : set_course(im, f);
}

static int
parse_command(struct import *im, struct options *o, int argc, char **argv)
{
	const struct option_spec specs[] = {
	    OPTION_TEXT("db", 0, &im->db_path, "FILE", "BM_DB", "the database"),
	    OPTION_FLAG(
		"create", 0, &im->create, "make the database unless it exists"),
	    OPTION_TEXT("course", 0, &im->course, "ID", NULL,
		"the course that the rows are of"),
	    OPTION_TEXT(
		"title", 0, &im->title, "TEXT", NULL, "set the course's title"),
	    OPTION_TEXT(
		"url", 0, &im->url, "URL", NULL, "set the course's address"),
	    OPTION_TEXT("image-url", 0, &im->image_url, "URL", NULL,
		"set the course's picture"),
	    OPTION_TEXT("language", 0, &im->language, "TAG", NULL,
		"set the course's language"),
	    OPTION_TEXT("email-enabled", 0, &im->enabled, "yes|no", NULL,
		"allow email, or forbid"),
	    OPTION_TEXT("role", 0, &im->role, "ROLE", NULL,
		"the rows hold this role (staff ...)"),
	    OPTION_FLAG(
		"sync", 0, &im->sync, "who is not in the file is removed"),
	    OPTION_TEXT("expect-removed", 0, &im->expect_removed, "N|A..B",
		NULL, "change nothing if --sync would remove another number"),
	    OPTION_FLAG(
		"dry-run", 0, &im->dry_run, "only show what would change"),
	    OPTION_TEXT("rejects", 0, &im->rejects, "FILE", NULL,
		"refused rows as NDJSON"),
	    {0},
	};
	_Static_assert(sizeof(specs) <= sizeof(im->specs), "room for all");
	memcpy(im->specs, specs, sizeof(specs));
	*o = (struct options){.program = PROGRAM,
	    .versions = put_libraries,
	    .synopsis = "--course ID [OPTION...] [FILE.csv]",
	    .purpose = "Bring a roster from a CSV file into the database.",
	    .specs = im->specs,
	    .required = "course",
	    .operands_max = 1};
	return program_options(o, argc, argv);
}

int
main(int argc, char **argv)
{
	struct import im = {0};
	struct options o;
	struct fail f = {0};
	int status = parse_command(&im, &o, argc, argv);

	if (status >= 0)
		return status;
	im.file = o.operand_count > 0 ? o.operands[0] : NULL;
	im.verbose = o.verbose;
	im.filter = filter_new(PROGRAM, NULL, 0);
	if (run_import(&im, &f) < 0)
		filter_raise(im.filter, program_die(PROGRAM, &f));
	db_close(im.db);
	status = filter_finish(im.filter);
	options_free(&o);
	return status;
}
