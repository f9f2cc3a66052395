#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/near.h"
#include "base/program.h"
#include "mail/report/report_html.h"
#include "mail/report/report_rows.h"
#include "report/view.h"

static int
unknown_id(struct view *v, struct fail *f)
{
	struct near near = {.name = v->id};
	struct report *list;
	size_t count;

	if (ledger_read_mailings(v->stats, &list, &count, v->arena, f) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		near_offer(&near, list[i].id);
	if (near.best.p != NULL)
		return fail_data(f,
		    "no mailing is called %.*s; did you mean %s?", (int)v->id.n,
		    v->id.p, near.best.p);
	return fail_data(f, "no mailing is called %.*s", (int)v->id.n, v->id.p);
}

int
view_load(struct view *v, bool brief, struct fail *f)
{
	int found =
	    ledger_read_report(v->stats, v->id, brief, &v->report, v->arena, f);

	if (found == -1)
		return -1;
	if (found == 0) {
		unknown_id(v, f);
		if (v->args->status && f->kind == FAIL_DATA)
			f->kind = FAIL_TEMP;
		return -1;
	}
	return view_plan(v, brief, f);
}

static int
compare_people(struct view *v, struct fail *f)
{
	struct coverage *coverage = coverage_new(buf_str(&v->keys));
	int result = ledger_read_cover(v->stats, v->id, coverage, f);

	v->unplanned = coverage_unplanned(coverage);
	coverage_free(coverage);
	return result;
}

int
view_plan(struct view *v, bool lazy, struct fail *f)
{
	struct report *r = &v->report;
	bool known;

	r->planned = v->plan != NULL ? v->plan->count : v->args->total;
	r->unplanned = v->unplanned;
	known =
	    lazy && (report_missing(r) > 0 || r->all.by[REPORT_CLAIMED] > 0);
	if (v->has_keys && !known && compare_people(v, f) == -1)
		return -1;
	r->unplanned = v->unplanned;
	return 0;
}

/* The locale is asked for nothing else: all programs speak UTF-8. */
static bool
is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0')
			continue;
		return strcasestr(value, "utf-8") != NULL ||
		       strcasestr(value, "utf8") != NULL;
	}
	return false;
}

struct report_style
view_style(void)
{
	struct report_style style = {.width = 80, .ascii = !is_utf8()};
	const char *columns = getenv("COLUMNS"), *term = getenv("TERM");
	struct winsize size;
	int given = columns != NULL ? atoi(columns) : 0;

	if (given > 0)
		style.width = (size_t)given;
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
		 size.ws_col > 0)
		style.width = size.ws_col;
	if (style.width < 20)
		style.width = 20;
	style.color = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL &&
		      (term == NULL || strcmp(term, "dumb") != 0);
	return style;
}

int
view_write(struct view *v, struct buf *b)
{
	int result = filter_write(v->out, buf_str(b));

	buf_free(b);
	return result;
}

int
view_list(struct view *v, struct fail *f)
{
	struct report_style style = view_style();
	struct report *list;
	struct buf b = {0};
	size_t count;

	if (ledger_read_mailings(v->stats, &list, &count, v->arena, f) == -1)
		return -1;
	if (v->args->json) {
		for (size_t i = 0; i < count; i++)
			report_json_brief(&b, &list[i]);
	} else if (count > 0) {
		report_text_list(&b, list, count, &style);
	} else {
		program_note(PROGRAM, "there are no mailings yet");
	}
	return view_write(v, &b);
}

static int
put_row(void *ctx, const struct report_row *row, struct fail *f)
{
	struct view *v = ctx;
	struct buf b = {0};

	if (v->args->csv)
		report_rows_csv(&b, row, v->report.course_id);
	else
		report_rows_record(&b, row, v->report.course_id);
	*f = (struct fail){0}; /* filter.c reports */
	return view_write(v, &b);
}

/* "failed,deferred" as a set. */
static int
parse_states(const char *s, unsigned *states, struct fail *f)
{
	*states = 0;
	if (s == NULL) {
		*states = ~0u;
		return 0;
	}
	for (;;) {
		struct str name = {s, strcspn(s, ",")};
		int state = report_state_parse(name);

		if (state == -1)
			return fail_system(f,
			    "--state: %.*s is none of sent, failed, deferred, "
			    "in_doubt, skipped, claimed",
			    (int)name.n, name.p);
		*states |= 1u << state;
		if (s[name.n] == '\0')
			return 0;
		s += name.n + 1;
	}
}

static int
list_rows(struct view *v, struct fail *f)
{
	struct buf head = {0};
	unsigned states;

	if (parse_states(v->args->state, &states, f) == -1)
		return -1;
	if (v->args->csv) {
		report_rows_csv_head(&head);
		if (view_write(v, &head) == -1)
			return -1;
	}
	return ledger_read_rows(v->stats, v->id, states, put_row, v, f);
}

static int
write_page(const struct view *v, struct fail *f)
{
	struct buf b = {0};
	int result;

	report_html(&b, &v->report);
	result = file_replace(v->args->html, buf_str(&b), f);
	buf_free(&b);
	return result;
}

/* Where something else was asked for, the table is not printed. */
int
view_mailing(struct view *v, struct fail *f)
{
	const struct args *a = v->args;
	bool rows = a->records || a->csv;
	bool quiet = (a->status || a->html != NULL || a->follow) && !a->json;
	bool brief = rows || (quiet && a->html == NULL);
	struct report_style style = view_style();
	struct buf b = {0};

	if (view_load(v, brief, f) == -1)
		return -1;
	if (a->status)
		filter_raise(v->out, report_status(&v->report));
	if (a->html != NULL && write_page(v, f) == -1)
		return -1;
	if (rows)
		return list_rows(v, f);
	if (quiet)
		return 0;
	if (a->json)
		report_json(&b, &v->report);
	else
		report_text(&b, &v->report, &style);
	return view_write(v, &b);
}
