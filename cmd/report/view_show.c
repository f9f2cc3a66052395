#include "report/view_show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/program.h"
#include "mail/mime/message_id.h"
#include "mail/report/report_html.h"
#include "mail/report/report_json.h"
#include "mail/report/report_list.h"
#include "mail/report/report_row.h"
#include "mail/report/report_text.h"
#include "port/optout/hidden_key.h"
#include "report/terminal.h"
#include "report/view_bounces.h"

#define WIDE 1000 /* columns */

int
view_show_list(struct view *v, struct fail *f)
{
	struct report_style style = terminal_style();
	struct report *list;
	struct buf b = {0};
	size_t count;

	if (ledger_read_mailings(
		&v->ledgers, &list, &count, v->report_arena, f) < 0)
		return -1;
	if (!v->args->all)
		count = view_drop_tests(list, count);
	for (size_t i = 0; i < count; i++) {
		if (view_bounces_count(&v->ledgers, &list[i], f) < 0)
			return -1;
	}
	/* What a script reads is whole. */
	if (!isatty(STDOUT_FILENO) && getenv("COLUMNS") == NULL)
		style.width = WIDE;
	if (v->args->json) {
		for (size_t i = 0; i < count; i++)
			report_json_brief(&b, &list[i]);
	} else if (count > 0) {
		report_list(&b, list, count, &style);
	} else {
		program_note(PROGRAM, "there are no mailings yet");
	}
	return view_write(v, &b);
}

int
view_show_row(void *ctx, const struct report_row *row, struct fail *f)
{
	struct view *v = ctx;
	struct report_row all = *row;
	struct buf b = {0}, id = {0};

	if (!hidden_key_valid(row->key)) {
		message_id_make(&id, row->email_id, row->key);
		all.message_id_left = buf_str(&id);
	}
	if (v->args->csv)
		report_row_csv(&b, &all, v->report.course_id,
		    v->args->raw ? CSV_PUT_RAW : CSV_PUT_SHEET);
	else
		report_row_record(&b, &all, v->report.course_id);
	buf_free(&id);
	*f = (struct fail){0}; /* filter.c reports its failure */
	return view_write(v, &b);
}

/* Parse "failed,deferred" into a set of 1 << report_state. */
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

		if (state < 0)
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
write_rows(struct view *v, struct fail *f)
{
	struct buf header = {0};
	unsigned states;

	if (parse_states(v->args->state, &states, f) < 0)
		return -1;
	if (v->args->csv) {
		report_row_csv_header(&header);
		if (view_write(v, &header) < 0)
			return -1;
	}
	return ledger_read_rows(
	    &v->ledgers, v->id, states, view_show_row, v, f);
}

static int
write_html(const struct view *v, struct fail *f)
{
	struct buf b = {0};
	int result;

	report_html(&b, &v->report);
	result = file_replace(v->args->html, buf_str(&b), f);
	buf_free(&b);
	return result;
}

/* Nobody knows of a mailing without a total that all of it is there. */
static int
choose_status(const struct view *v)
{
	const struct report *r = &v->report;

	if (r->planned >= 0 || r->is_pruned || v->args->partial)
		return report_status(r);
	program_note(PROGRAM,
	    "%.*s: of an unknown total: give bm-send or bm-report --plan, or "
	    "--partial",
	    (int)r->id.n, r->id.p);
	return 75;
}

/* --status, --html and --follow replace the table of numbers. */
int
view_show_mailing(struct view *v, struct fail *f)
{
	const struct view_args *a = v->args;
	bool rows = a->records || a->csv;
	bool quiet = (a->status || a->html != NULL || a->follow) && !a->json;
	bool brief = rows || (quiet && a->html == NULL);
	struct report_style style = terminal_style();
	struct buf b = {0};

	if (view_load(v, brief, f) < 0)
		return -1;
	if (a->status)
		filter_raise(v->out, choose_status(v));
	if (a->html != NULL && write_html(v, f) < 0)
		return -1;
	if (rows)
		return write_rows(v, f);
	if (quiet)
		return 0;
	if (a->json)
		report_json(&b, &v->report);
	else
		report_text(&b, &v->report, &style);
	return view_write(v, &b);
}
