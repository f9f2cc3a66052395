#include "mail/report/report_text.h"

#include <stdio.h>

#include "base/columns.h"
#include "base/num.h"
#include "mail/report/count_columns.h"
#include "mail/report/report_bounces.h"
#include "mail/report/report_speed.h"
#include "mail/report/report_summary.h"

#define TOP 10 /* lines of a table, at most */

/* ECMA-48 SGR: green, red, yellow, magenta, blue, cyan. */
static const int colors[REPORT_STATES] = {32, 31, 33, 35, 34, 36};

/* "2026-11-24 05:03 UTC" */
static void
put_time(struct buf *b, int64_t ms, const struct report_style *style)
{
	struct buf text = {0};

	if (ms == 0) {
		buf_addc(b, '-');
		return;
	}
	if (style->put_time != NULL) {
		style->put_time(b, ms);
		return;
	}
	num_rfc3339(&text, ms);
	buf_printf(b, "%.10s %.5s UTC", text.p, text.p + 11);
	buf_free(&text);
}

static const char *
format_percent(char out[16], long long n, long long total)
{
	if (n > 0 && n * 1000 < total)
		return "<0.1 %";
	if (n < total && n * 1000 > total * 999)
		return ">99.9 %";
	snprintf(out, 16, "%.1f %%",
	    total > 0 ? 100.0 * (double)n / (double)total : 0.0);
	return out;
}

static void
put_heading(struct buf *b, const char *text, const struct report_style *style)
{
	buf_adds(b, style->color ? "\n\033[1m" : "\n");
	columns_clean(b, str_of(text), style->width, style->ascii);
	buf_adds(b, style->color ? "\033[0m\n" : "\n");
}

static void
put_property(struct buf *b, const char *label, struct str s,
    const struct report_style *style)
{
	buf_printf(b, "%-9s", label);
	columns_clean(
	    b, s, style->width > 9 ? style->width - 9 : 1, style->ascii);
	buf_addc(b, '\n');
}

static void
put_state_name(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	struct buf text = {0};

	buf_addstr(&text, r->state);
	if (r->uncertain)
		buf_adds(&text, ", uncertain");
	put_property(b, "state", buf_str(&text), style);
	if (r->uncertain)
		put_property(b, "",
		    STR("the ledger is older than what was sent: people in "
			"doubt may have mail"),
		    style);
	buf_free(&text);
}

static void
put_head(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	struct buf text = {0};

	put_property(b, "mailing", r->id, style);
	if (r->subject.p != NULL)
		put_property(b, "subject", r->subject, style);
	put_property(b, "course", r->course_id, style);
	put_time(&text, r->created, style);
	put_property(b, "begun", buf_str(&text), style);
	if (r->approved_by.p != NULL) {
		buf_reset(&text);
		buf_printf(
		    &text, "%.*s, ", (int)r->approved_by.n, r->approved_by.p);
		put_time(&text, r->approved_at, style);
		put_property(b, "approved", buf_str(&text), style);
	}
	if (r->last != 0) {
		buf_reset(&text);
		put_time(&text, r->last, style);
		put_property(b, "last", buf_str(&text), style);
	}
	if (r->next_first != 0) {
		buf_reset(&text);
		put_time(&text, r->next_first, style);
		if (r->next_last / 60000 != r->next_first / 60000) {
			buf_adds(&text, ", the last at ");
			put_time(&text, r->next_last, style);
		}
		put_property(b, "next try", buf_str(&text), style);
	}
	if (r->is_stopped || r->uncertain)
		put_state_name(b, r, style);
	buf_free(&text);
}

static void
put_summary(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	struct buf text = {0};

	report_summary(&text, r);
	buf_adds(b, "\n  ");
	columns_clean(b, buf_str(&text), style->width - 2, style->ascii);
	buf_addc(b, '\n');
	buf_free(&text);
}

/* The columns that the numbers leave for bars. */
static size_t
choose_bar_width(const struct report_style *style)
{
	if (style->width < 45)
		return 0;
	return style->width < 85 ? style->width - 37 : 48;
}

static void
put_state(struct buf *b, const char *label, long long n, long long total,
    int color, const struct report_style *style)
{
	struct buf number = {0}, bar = {0};
	char text[16];

	columns_group(&number, n);
	columns_bar(&bar, n, total, choose_bar_width(style), style->ascii);
	if (style->width < 40)
		buf_printf(b, "  %-11s %6s", label, buf_cstr(&number));
	else
		buf_printf(b, "  %-11s %12s  %7s", label, buf_cstr(&number),
		    format_percent(text, n, total));
	if (bar.len > 0 && style->color)
		buf_printf(b, "  \033[%dm%s\033[0m", color, buf_cstr(&bar));
	else if (bar.len > 0)
		buf_printf(b, "  %s", buf_cstr(&bar));
	buf_addc(b, '\n');
	buf_free(&number);
	buf_free(&bar);
}

static void
put_states(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	long long missing = report_missing(r), total = r->all.total + missing;
	struct buf number = {0};

	buf_addc(b, '\n');
	for (int i = 0; i < REPORT_STATES; i++) {
		if (r->all.by[i] > 0 || i == REPORT_SENT)
			put_state(b, report_state_label((enum report_state)i),
			    r->all.by[i], total, colors[i], style);
	}
	if (missing > 0)
		put_state(b, "not started", missing, total, 37, style);
	columns_group(&number, total);
	buf_printf(b, "  %-11s %*s\n", "total", style->width < 40 ? 6 : 12,
	    buf_cstr(&number));
	report_bounces_text(b, r, style);
	if (r->unplanned > 0)
		buf_printf(
		    b, "  %lld of them are not of the plan\n", r->unplanned);
	buf_free(&number);
}

static void
put_classes(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	struct columns *t = columns_new("frl");
	bool any = false;

	for (size_t i = 0; i < r->class_count; i++) {
		const struct report_class *c = &r->classes[i];

		if (c->state == REPORT_SENT || c->class.n == 0)
			continue;
		columns_text(t, report_state_label(c->state));
		columns_number(t, c->count);
		columns_cell(t, c->class);
		any = true;
	}
	if (any) {
		put_heading(b, "Why", style);
		columns_put(t, b, style->width, style->ascii);
	}
	columns_free(t);
}

static void
put_more_line(struct buf *b, size_t count, const struct report_style *style)
{
	struct buf line = {0};

	if (count <= TOP)
		return;
	buf_printf(&line, "  and %zu more (--json has all)", count - TOP);
	columns_clean(b, buf_str(&line), style->width, style->ascii);
	buf_addc(b, '\n');
	buf_free(&line);
}

static void
put_groups(struct buf *b, const char *title, const char *column,
    const struct report_groups *groups, const struct report_style *style)
{
	static const char formats[][8] = {
	    "lr", "lrr", "lrrr", "lrrrr", "lrrrrr"};
	struct columns *t = columns_new(formats[count_columns(style) - 1]);

	put_heading(b, title, style);
	columns_text(t, column);
	count_columns_names(t, style);
	for (size_t i = 0; i < groups->count && i < TOP; i++) {
		const struct report_group *g = &groups->items[i];

		columns_cell(t, g->name.n > 0 ? g->name : STR("-"));
		count_columns_numbers(t, g, style);
	}
	columns_put(t, b, style->width, style->ascii);
	columns_free(t);
	put_more_line(b, groups->count, style);
}

static void
put_refusals(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	bool codes = style->width >= 38;
	struct columns *t = columns_new(codes ? "rfl" : "rl");

	put_heading(b, "Refusals, and what was said to one of them", style);
	for (size_t i = 0; i < r->refusal_count && i < TOP; i++) {
		const struct report_refusal *refusal = &r->refusals[i];
		struct buf code = {0};

		if (refusal->code != 0)
			buf_printf(&code, "%d ", refusal->code);
		buf_addstr(&code, refusal->enhanced);
		columns_number(t, refusal->count);
		if (codes)
			columns_cell(t, buf_str(&code));
		columns_cell(
		    t, refusal->reply.n > 0 ? refusal->reply : refusal->class);
		buf_free(&code);
	}
	columns_put(t, b, style->width, style->ascii);
	columns_free(t);
	put_more_line(b, r->refusal_count, style);
}

static bool
was_retried(const struct report *r)
{
	const struct report_groups *a = &r->attempts;

	return a->count > 0 && !str_is(a->items[a->count - 1].name, "1") &&
	       !str_is(a->items[a->count - 1].name, "0");
}

void
report_text(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	put_head(b, r, style);
	put_states(b, r, style);
	put_summary(b, r, style);
	put_classes(b, r, style);
	if (r->domains.count > 0)
		put_groups(
		    b, "Recipients' domains", "domain", &r->domains, style);
	if (r->relays.count > 1)
		put_groups(b, "Relays", "relay", &r->relays, style);
	if (was_retried(r))
		put_groups(b, "Attempts", "attempt", &r->attempts, style);
	if (r->refusal_count > 0)
		put_refusals(b, r, style);
	if (r->first != 0) {
		put_heading(b, "Speed", style);
		report_speed(b, r, style);
	}
	if (r->reopened > 0)
		buf_printf(b,
		    "\n  %lld had failed as many others did, and are deferred "
		    "again (breaker)\n",
		    r->reopened);
	if (r->optouts > 0)
		buf_printf(
		    b, "\n  %lld opted out since it was begun\n", r->optouts);
}
