#include "report/view_who.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/columns.h"
#include "base/num.h"
#include "base/utf8.h"
#include "port/ledger/ledger_visit.h"
#include "port/optout/optouts_list.h"
#include "port/roster/roster_person.h"
#include "report/terminal.h"
#include "report/view_show.h"

#define WIDE 1000 /* columns of what a script reads */

struct who {
	struct view *v;
	struct roster_person person;
	struct columns *rows;
	struct buf stack; /* the same rows on three lines each */
	struct buf optouts;
	long long count; /* rows of the ledgers */
};

/* "2026-11-24 05:03 UTC"; on a terminal in its own zone. */
static void
put_minute(struct buf *b, int64_t ms)
{
	struct buf text = {0};

	num_rfc3339(&text, ms);
	if (ms > 0 && isatty(STDOUT_FILENO))
		clock_put_local(b, ms);
	else if (ms > 0)
		buf_printf(b, "%.10s %.5s UTC", text.p, text.p + 11);
	else
		buf_addc(b, '-');
	buf_free(&text);
}

static bool
is_of_person(const struct who *w, const struct report_row *row)
{
	return (w->person.key.n > 0 && str_eq(row->key, w->person.key)) ||
	       (w->person.user_id.n > 0 &&
		   str_eq(row->user_id, w->person.user_id));
}

static void
stack_row(struct who *w, const struct report_row *row, struct buf *at,
    struct buf *words)
{
	buf_printf(&w->stack, "  %s  %s  %lld\n    %.*s\n    ", buf_cstr(at),
	    report_state_label(row->state), (long long)row->attempt,
	    (int)row->email_id.n, row->email_id.p);
	columns_clean(&w->stack, buf_str(words), WIDE, false);
	buf_addc(&w->stack, '\n');
}

static int
list_row(void *ctx, const struct report_row *row, struct fail *f)
{
	struct who *w = ctx;
	struct buf at = {0}, words = {0};

	if (!is_of_person(w, row))
		return 0;
	w->count++;
	if (w->v->args->json)
		return view_show_row(w->v, row, f);
	put_minute(&at, row->at);
	if (row->code != 0)
		buf_printf(&words, "%d ", row->code);
	if (row->enhanced.n > 0)
		buf_printf(
		    &words, "%.*s ", (int)row->enhanced.n, row->enhanced.p);
	buf_addstr(&words, row->reply.n > 0 ? row->reply : row->class);
	if (row->next_try > 0) {
		buf_adds(&words, "; next try ");
		put_minute(&words, row->next_try);
	}
	columns_cell(w->rows, buf_str(&at));
	columns_cell(w->rows, row->email_id);
	columns_text(w->rows, report_state_label(row->state));
	columns_number(w->rows, row->attempt);
	columns_cell(w->rows, buf_str(&words));
	stack_row(w, row, &at, &words);
	buf_free(&at);
	buf_free(&words);
	return 0;
}

static int
add_optout(void *ctx, const struct optout *o, struct fail *f)
{
	struct who *w = ctx;
	struct buf line = {0};

	(void)f;
	buf_adds(&line, "  ");
	put_minute(&line, o->at);
	buf_printf(&line, "  %s  %.*s, %.*s", o->out ? "out" : "in again",
	    (int)o->course_id.n, o->course_id.p, (int)o->source.n, o->source.p);
	if (o->reason.n > 0)
		buf_printf(&line, ": %.*s", (int)o->reason.n, o->reason.p);
	columns_clean(&w->optouts, buf_str(&line), WIDE, false);
	buf_addc(&w->optouts, '\n');
	buf_free(&line);
	return 0;
}

static int
visit_ledgers(struct who *w, struct fail *f)
{
	struct view *v = w->v;
	struct report *list;
	size_t count;

	if (ledger_read_mailings(&v->ledgers, &list, &count, v->run_arena, f) <
	    0)
		return -1;
	if (!v->args->all)
		count = view_drop_tests(list, count);
	for (size_t i = 0; i < count; i++) {
		v->report.course_id = list[i].course_id;
		if (ledger_read_rows(
			&v->ledgers, list[i].id, ~0u, list_row, w, f) < 0)
			return -1;
	}
	for (size_t i = 0; i < v->ledgers.count; i++) {
		if (optouts_list_person(v->ledgers.stores[i]->optouts,
			w->person.user_id, w->person.key, add_optout, w, f) < 0)
			return -1;
	}
	return 0;
}

/* No relay's word is cut: rows that do not fit are stacked. */
static void
put_rows(struct who *w, struct buf *b, const struct report_style *style)
{
	struct buf rows = {0};
	struct str rest, line;
	bool fits = true;

	columns_put(w->rows, &rows, WIDE, style->ascii);
	for (rest = buf_str(&rows); str_line(&rest, &line);)
		fits = fits && utf8_columns(line) <= style->width;
	buf_addstr(b, fits ? buf_str(&rows) : buf_str(&w->stack));
	buf_free(&rows);
}

static int
write_text(struct who *w)
{
	struct report_style style = terminal_style();
	struct buf b = {0};

	if (!isatty(STDOUT_FILENO) && getenv("COLUMNS") == NULL)
		style.width = WIDE;
	columns_clean(&b,
	    w->person.key.n > 0 ? w->person.key : str_of(w->v->args->who), WIDE,
	    style.ascii);
	if (w->person.user_id.n > 0)
		buf_printf(&b, " (user %.*s)", (int)w->person.user_id.n,
		    w->person.user_id.p);
	buf_addc(&b, '\n');
	if (w->count > 0)
		put_rows(w, &b, &style);
	if (w->optouts.len > 0)
		buf_printf(&b, "Opt-outs\n%s", buf_cstr(&w->optouts));
	return view_write(w->v, &b);
}

static int
show_person(struct who *w, struct fail *f)
{
	struct view *v = w->v;

	if (roster_person_find(&w->person, v->paths[0], str_of(v->args->who),
		v->run_arena, f) < 0 ||
	    visit_ledgers(w, f) < 0)
		return -1;
	if (w->count == 0 && w->optouts.len == 0)
		return fail_data(f, "no mailing and no opt-out is known of %s",
		    v->args->who);
	return v->args->json ? 0 : write_text(w);
}

int
view_who(struct view *v, struct fail *f)
{
	struct who w = {.v = v, .rows = columns_new("fffrl")};
	int rc = show_person(&w, f);

	columns_free(w.rows);
	buf_free(&w.stack);
	buf_free(&w.optouts);
	return rc;
}
