#include "import/import_report.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/json_put.h"
#include "base/program.h"
#include "base/progress.h"
#include "base/utf8.h"
#include "import/import_sheet.h"

#define NOTES_SHOWN 100
#define PEOPLE_SHOWN 3
#define SHOWN 100 /* bytes of a name */

void
import_report_refuse(
    void *ctx, const struct staging_refused *row, const struct fail *why)
{
	struct import_report *r = ctx;
	struct filter_record record = {.file = r->file, .line = row->line};
	struct buf identity = {0};

	buf_addc(&identity, '{');
	json_put(&identity, "email", row->email);
	json_put(&identity, "user_id", row->id);
	json_put(&identity, "course_id", str_of(r->course));
	buf_addc(&identity, '}');
	record.raw = buf_str(&identity);
	r->refused++;
	filter_report(r->filter, &record, "import", "invalid", why);
	buf_free(&identity);
}

void
import_report_note(void *ctx, unsigned long line, struct str text)
{
	struct import_report *r = ctx;
	struct buf where = {0};
	struct fail shown; /* without control characters */

	if (++r->notes > NOTES_SHOWN)
		return;
	progress_hide(r->progress);
	buf_printf(&where, "%s:%lu: ", r->file, line);
	fail_data(&shown, "%.*s", (int)text.n, text.p);
	program_note_at(IMPORT_ARGS_PROGRAM, buf_cstr(&where), shown.text);
	buf_free(&where);
}

/* Once: a column that is not known says that somebody has left. */
static void
note_left(
    struct import_report *r, unsigned long line, const struct roster_row *row)
{
	struct buf b = {0};

	if (row->left_column.p == NULL || r->told_left)
		return;
	r->told_left = true;
	buf_printf(&b,
	    "\"%.*s\" is \"%.*s\" and a merge field: nobody leaves by it "
	    "unless the column is called \"Enrollment Status\"",
	    (int)utf8_cut(row->left_column, SHOWN), row->left_column.p,
	    (int)row->left_word.n, row->left_word.p);
	import_report_note(r, line, buf_str(&b));
	buf_free(&b);
}

static void
count_dropped(
    struct import_report *r, unsigned long line, const struct roster_row *row)
{
	struct import_report_cell *first = &r->first_dropped[row->dropped];
	struct str cell = row->dropped_cell;

	if (r->dropped[row->dropped]++ > 0)
		return;
	first->line = line;
	snprintf(first->text, sizeof(first->text), "%.*s",
	    (int)utf8_cut(cell, sizeof(first->text) - 1), cell.p);
}

static void
note_email(struct import_report *r, unsigned long line,
    const struct roster_row *row, const char *doubt)
{
	struct buf b = {0};

	buf_printf(&b, "email \"%.*s\" %s", (int)utf8_cut(row->email, SHOWN),
	    row->email.p, doubt);
	import_report_note(r, line, buf_str(&b));
	buf_free(&b);
}

void
import_report_row(
    struct import_report *r, unsigned long line, const struct roster_row *row)
{
	if (row->enrolled)
		note_left(r, line, row);
	if (row->dropped != ROSTER_COLUMNS)
		count_dropped(r, line, row);
	if (row->guarded)
		note_email(r, line, row,
		    "begins with an apostrophe, which may be a spreadsheet's: "
		    "take it away if the address begins without");
	if (row->at_end)
		note_email(r, line, row,
		    "ends the file, without a line end: look whether the file "
		    "is complete");
	if (r->shows_people && r->people < PEOPLE_SHOWN) {
		r->people++;
		import_sheet_person(r->csv, line, row);
	}
}

static void
note_rest(const struct import_report *r)
{
	const struct roster_rows_rest *rest = roster_csv_rest(r->csv);
	struct buf b = {0};

	if (rest->line == 0)
		return;
	buf_printf(&b,
	    "%s:%lu: another table begins with \"%s\": its %lld rows are left "
	    "out; ",
	    r->file, rest->line, rest->word, rest->rows);
	if (r->missed > 0)
		buf_printf(&b,
		    "%lld addresses are only there: save that table alone and "
		    "import it, too",
		    r->missed);
	else
		buf_adds(&b,
		    "the table before has all their addresses: cut the file "
		    "here, or save that table alone");
	program_note(IMPORT_ARGS_PROGRAM, "%s", buf_cstr(&b));
	buf_free(&b);
	if (r->missed > 0)
		filter_raise(r->filter, 1);
}

/* Rows and cells that are left out. */
static void
note_left_out(const struct import_report *r)
{
	const struct roster_csv_skipped *s = roster_csv_skipped(r->csv);

	for (int i = 0; i < ROSTER_COLUMNS; i++) {
		if (r->dropped[i] > 0)
			program_note(IMPORT_ARGS_PROGRAM,
			    "%s: %s of %lld people cannot be read and is left "
			    "empty (the first: line %lu \"%s\")",
			    r->file,
			    roster_synonyms_name((enum roster_column)i),
			    r->dropped[i], r->first_dropped[i].line,
			    r->first_dropped[i].text);
	}
	if (s->empty > 0)
		program_note(IMPORT_ARGS_PROGRAM,
		    "%s: %lld empty rows are skipped", r->file, s->empty);
	if (s->totals > 0)
		program_note(IMPORT_ARGS_PROGRAM,
		    "%s: %lld rows of nobody are skipped (the first: line %lu "
		    "\"%s\")",
		    r->file, s->totals, s->totals_line, s->totals_word);
}

static void
print_diff(const struct import_report *r, const struct import_args *args,
    const struct staging_diff *d)
{
	struct buf b = {0};

	buf_addc(&b, '{');
	json_put(&b, "course_id", str_of(args->course));
	json_put_int(&b, "rows", d->rows + r->refused);
	json_put_int(&b, "refused", r->refused);
	json_put_int(&b, "unchanged", d->unchanged);
	json_put_int(&b, "users_added", d->users_added);
	json_put_int(&b, "users_changed", d->users_changed);
	json_put_int(&b, "enrolled", d->enrolled);
	json_put_int(&b, "enrollments_changed", d->enrollments_changed);
	json_put_int(&b, "unenrolled", d->unenrolled);
	json_put_int(&b, "roles_added", d->roles_added);
	json_put_int(&b, "removed", d->removed);
	json_put_int(&b, "left_out", roster_csv_rest(r->csv)->rows);
	buf_adds(&b, "}\n");
	filter_write(r->filter, buf_str(&b));
	buf_free(&b);
}

static void
note_diff(const struct import_report *r, const struct import_args *args,
    const struct staging_diff *d)
{
	program_note(IMPORT_ARGS_PROGRAM,
	    "%s: %s%lld rows, %lld refused, %lld unchanged; people: %lld new, "
	    "%lld changed; %lld enrolled, %lld enrolments changed, %lld ended; "
	    "%lld roles given; %lld removed by --sync",
	    args->course, args->dry_run ? "would change: " : "",
	    d->rows + r->refused, r->refused, d->unchanged, d->users_added,
	    d->users_changed, d->enrolled, d->enrollments_changed,
	    d->unenrolled, d->roles_added, d->removed);
}

void
import_report_diff(const struct import_report *r,
    const struct import_args *args, const struct staging_diff *d)
{
	filter_count_rest(r->filter);
	if (r->notes > NOTES_SHOWN)
		program_note(IMPORT_ARGS_PROGRAM,
		    "%s: and %lld more like these", r->file,
		    r->notes - NOTES_SHOWN);
	note_left_out(r);
	note_rest(r);
	if (d->moved > 0)
		program_note(IMPORT_ARGS_PROGRAM,
		    "%s: %lld people have another address", r->file, d->moved);
	if (d->away > 0)
		program_note(IMPORT_ARGS_PROGRAM,
		    "%s: %lld people have left the course and stay so: a "
		    "column enrollment_status that says enrolled brings them "
		    "back, and so does --sync",
		    r->file, d->away);
	if (args->dry_run)
		print_diff(r, args, d);
	if (args->dry_run || args->verbose)
		note_diff(r, args, d);
}

/* "1,994", as people write it */
static void
add_count(struct buf *b, long long n)
{
	if (n >= 1000) {
		add_count(b, n / 1000);
		buf_printf(b, ",%03lld", n % 1000);
	} else {
		buf_addint(b, n);
	}
}

void
import_report_end(const struct import_report *r, const struct import_args *args,
    const struct staging_diff *d)
{
	const struct {
		long long n;
		const char *what;
	} counts[] = {{d->rows + r->refused, " rows: "}, {d->rows, " people ("},
	    {d->came, " new, "}, {d->changed, " changed, "},
	    {d->left, " left), "}, {r->refused, " refused"}};
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		add_count(&b, counts[i].n);
		buf_adds(&b, counts[i].what);
	}
	if (args->dry_run)
		buf_adds(&b, "; nothing is changed (--dry-run)");
	program_note_at(IMPORT_ARGS_PROGRAM, "", buf_cstr(&b));
	buf_free(&b);
}
