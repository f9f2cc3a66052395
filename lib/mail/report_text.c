#include "mail/report_text.h"

#include <stdio.h>

#include "base/columns.h"
#include "base/num.h"
#include "base/utf8.h"

#define TOP 10 /* lines of a table that may be long */

static const char *const labels[REPORT_STATES] = {
    "sent", "failed", "deferred", "in doubt", "skipped", "in progress"};

/* SGR colours: green, red, yellow, magenta, blue, cyan. */
static const int colors[REPORT_STATES] = {32, 31, 33, 35, 34, 36};

/* "2026-11-24 05:03 UTC" */
static void
put_time(struct buf *b, int64_t ms)
{
	struct buf text = {0};

	if (ms == 0) {
		buf_addc(b, '-');
		return;
	}
	num_rfc3339(&text, ms);
	buf_printf(b, "%.10s %.5s UTC", text.p, text.p + 11);
	buf_free(&text);
}

/* "950 ms", "1.3 s", "2 min 5 s" */
static void
put_wait(struct buf *b, long long ms)
{
	if (ms < 1000)
		buf_printf(b, "%lld ms", ms);
	else if (ms < 60000)
		buf_printf(b, "%.1f s", (double)ms / 1000);
	else
		buf_printf(b, "%lld min %lld s", ms / 60000, ms / 1000 % 60);
}

static const char *
percent(char out[16], long long n, long long total)
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
	buf_addc(b, '\n');
	buf_printf(b, style->color ? "\033[1m%s\033[0m\n" : "%s\n", text);
}

static void
put_line(struct buf *b, const char *label, struct str s,
    const struct report_style *style)
{
	buf_printf(b, "%-9s", label);
	columns_clean(
	    b, s, style->width > 9 ? style->width - 9 : 1, style->ascii);
	buf_addc(b, '\n');
}

static void
put_head(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	struct buf text = {0};

	put_line(b, "mailing", r->id, style);
	if (r->subject.p != NULL)
		put_line(b, "subject", r->subject, style);
	put_line(b, "course", r->course_id, style);
	put_time(&text, r->created);
	put_line(b, "begun", buf_str(&text), style);
	if (r->last != 0) {
		buf_reset(&text);
		put_time(&text, r->last);
		put_line(b, "last", buf_str(&text), style);
	}
	if (r->state.p != NULL && !str_is(r->state, "open"))
		put_line(b, "state", r->state, style);
	buf_free(&text);
}

/* Bars take what the numbers leave. */
static size_t
bar_width(const struct report_style *style)
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
	columns_bar(&bar, n, total, bar_width(style), style->ascii);
	if (style->width < 40)
		buf_printf(b, "  %-11s %6s", label, buf_cstr(&number));
	else
		buf_printf(b, "  %-11s %12s  %7s", label, buf_cstr(&number),
		    percent(text, n, total));
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
			put_state(b, labels[i], r->all.by[i], total, colors[i],
			    style);
	}
	if (missing > 0)
		put_state(b, "not started", missing, total, 37, style);
	columns_group(&number, total);
	buf_printf(b, "  %-11s %*s\n", "total", style->width < 40 ? 6 : 12,
	    buf_cstr(&number));
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
		columns_text(t, labels[c->state]);
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
put_rest(struct buf *b, size_t count)
{
	if (count > TOP)
		buf_printf(b, "  and %zu more (--json has all)\n", count - TOP);
}

static void
put_groups(struct buf *b, const char *title, const char *column,
    const struct report_groups *groups, const struct report_style *style)
{
	struct columns *t = columns_new("lrrrrr");

	put_heading(b, title, style);
	columns_text(t, column);
	columns_text(t, "total");
	columns_text(t, "sent");
	columns_text(t, "failed");
	columns_text(t, "deferred");
	columns_text(t, "other");
	for (size_t i = 0; i < groups->count && i < TOP; i++) {
		const struct report_group *g = &groups->items[i];

		columns_cell(t, g->name.n > 0 ? g->name : STR("-"));
		columns_number(t, g->total);
		columns_number(t, g->by[REPORT_SENT]);
		columns_number(t, g->by[REPORT_FAILED]);
		columns_number(t, g->by[REPORT_DEFERRED]);
		columns_number(t, g->by[REPORT_IN_DOUBT] +
				      g->by[REPORT_SKIPPED] +
				      g->by[REPORT_CLAIMED]);
	}
	columns_put(t, b, style->width, style->ascii);
	columns_free(t);
	put_rest(b, groups->count);
}

static void
put_refusals(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	struct columns *t = columns_new("rfl");

	put_heading(b, "Refusals, and what was said to one of them", style);
	for (size_t i = 0; i < r->refusal_count && i < TOP; i++) {
		const struct report_refusal *refusal = &r->refusals[i];
		struct buf code = {0};

		if (refusal->code != 0)
			buf_printf(&code, "%d ", refusal->code);
		buf_addstr(&code, refusal->enhanced);
		columns_number(t, refusal->count);
		columns_cell(t, buf_str(&code));
		columns_cell(
		    t, refusal->reply.n > 0 ? refusal->reply : refusal->class);
		buf_free(&code);
	}
	columns_put(t, b, style->width, style->ascii);
	columns_free(t);
	put_rest(b, r->refusal_count);
}

/* One character an interval, U+2581 to U+2588, as many as the line takes. */
static void
put_sparks(struct buf *b, const struct report_series *s, size_t width)
{
	size_t step = (s->count + width - 1) / width;
	long long most = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < s->count; i += step) {
			long long sum = 0;

			for (size_t k = i; k < i + step && k < s->count; k++)
				sum += s->items[k].total;
			if (pass == 0)
				most = sum > most ? sum : most;
			else if (sum == 0)
				buf_addc(b, ' ');
			else
				utf8_put(
				    b, 0x2581 + (uint32_t)(sum * 7 / most));
		}
	}
}

static void
put_speed(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	const struct report_latency *l = &r->latency;
	double seconds = (double)(r->last - r->first) / 1000;

	put_heading(b, "Speed", style);
	if (seconds >= 1)
		buf_printf(b, "  %.1f outcomes/s over %.0f s\n",
		    (double)(r->all.total - r->all.by[REPORT_CLAIMED]) /
			seconds,
		    seconds);
	if (l->count > 0) {
		buf_adds(b, "  median ");
		put_wait(b, l->p50);
		buf_adds(b, ", 90 % ");
		put_wait(b, l->p90);
		buf_adds(b, ", 99 % ");
		put_wait(b, l->p99);
		buf_addc(b, '\n');
	}
	if (r->series.count > 1 && !style->ascii && style->width > 10) {
		buf_adds(b, "  ");
		put_sparks(b, &r->series, style->width - 4);
		buf_addc(b, '\n');
	}
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
	if (r->first != 0)
		put_speed(b, r, style);
	if (r->optouts > 0)
		buf_printf(
		    b, "\n  %lld opted out since it was begun\n", r->optouts);
}

void
report_list(struct buf *b, const struct report *list, size_t count,
    const struct report_style *style)
{
	static const char *const heads[] = {"id", "course", "begun", "total",
	    "sent", "failed", "deferred", "other"};
	struct columns *t = columns_new("llfrrrrr");

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		columns_text(t, heads[i]);
	for (size_t i = 0; i < count; i++) {
		const struct report *r = &list[i];
		const long long *by = r->all.by;
		struct buf begun = {0};

		num_rfc3339(&begun, r->created);
		columns_cell(t, r->id);
		columns_cell(t, r->course_id);
		columns_cell(t, (struct str){begun.p, 10});
		columns_number(t, r->all.total);
		columns_number(t, by[REPORT_SENT]);
		columns_number(t, by[REPORT_FAILED]);
		columns_number(t, by[REPORT_DEFERRED]);
		columns_number(t, by[REPORT_IN_DOUBT] + by[REPORT_SKIPPED] +
				      by[REPORT_CLAIMED]);
		buf_free(&begun);
	}
	columns_put(t, b, style->width, style->ascii);
	columns_free(t);
}
