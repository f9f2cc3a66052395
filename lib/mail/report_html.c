#include "mail/report_html.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/columns.h"
#include "base/mem.h"
#include "base/num.h"
#include "mail/chart.h"

#define TOP 10  /* bars of a chart */
#define ROWS 50 /* of a table */

static const char *const labels[REPORT_STATES] = {
    "sent", "failed", "deferred", "in doubt", "skipped", "in progress"};

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n";

static const char style[] =
    "<style>\n"
    ":root{--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;"
    "--s0:#2e7d32;--s1:#c62828;--s2:#b26a00;--s3:#7b1fa2;--s4:#1565c0;"
    "--s5:#00796b}\n"
    "@media (prefers-color-scheme:dark){:root{--bg:#15181c;--fg:#e6e9ec;"
    "--dim:#a3acb5;--line:#3b424a;--s0:#66bb6a;--s1:#ef5350;--s2:#ffb74d;"
    "--s3:#ce93d8;--s4:#64b5f6;--s5:#4db6ac}}\n"
    "@media print{:root{--bg:#fff;--fg:#000;--dim:#333;--line:#999;"
    "--s0:#2e7d32;--s1:#c62828;--s2:#b26a00;--s3:#7b1fa2;--s4:#1565c0;"
    "--s5:#00796b}section{break-inside:avoid}"
    "rect{print-color-adjust:exact}.key i{print-color-adjust:exact}}\n"
    "body{background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,"
    "sans-serif;margin:0 auto;max-width:60rem;padding:1rem 1.5rem 3rem}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0;"
    "overflow-wrap:anywhere}\n"
    "h2{font-size:1.15rem;margin:2rem 0 .5rem}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;"
    "margin:0}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "caption{text-align:left;color:var(--dim)}\n"
    "th,td{border-bottom:1px solid var(--line);padding:.25rem .6rem;"
    "text-align:left;vertical-align:top}\n"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
    "td.w{overflow-wrap:anywhere}\n"
    ".scroll{overflow-x:auto}\n"
    "svg{display:block;width:100%;height:auto}\n"
    "svg text{fill:var(--fg);font:13px system-ui,sans-serif}\n"
    ".axis{stroke:var(--line)}\n"
    ".s0{fill:var(--s0);background:var(--s0)}"
    ".s1{fill:var(--s1);background:var(--s1)}"
    ".s2{fill:var(--s2);background:var(--s2)}"
    ".s3{fill:var(--s3);background:var(--s3)}"
    ".s4{fill:var(--s4);background:var(--s4)}"
    ".s5{fill:var(--s5);background:var(--s5)}\n"
    ".key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;"
    "padding:0;margin:.4rem 0}.key i{display:inline-block;width:.8rem;"
    "height:.8rem;margin-right:.4rem}\n"
    "summary{cursor:pointer;color:var(--dim)}\n"
    "</style>\n";

static void
put_time(struct buf *b, int64_t ms)
{
	struct buf text = {0};

	num_rfc3339(&text, ms);
	buf_printf(b, "<time datetime=\"%s\">%.10s %.8s UTC</time>",
	    buf_cstr(&text), text.p, text.p + 11);
	buf_free(&text);
}

static void
put_fact(struct buf *b, const char *name, struct str value)
{
	if (value.p == NULL)
		return;
	buf_printf(b, "<dt>%s</dt><dd>", name);
	chart_text(b, value);
	buf_adds(b, "</dd>\n");
}

static void
put_fact_time(struct buf *b, const char *name, int64_t ms)
{
	if (ms == 0)
		return;
	buf_printf(b, "<dt>%s</dt><dd>", name);
	put_time(b, ms);
	buf_adds(b, "</dd>\n");
}

static void
put_number(struct buf *b, long long n)
{
	buf_adds(b, "<td class=\"n\">");
	columns_group(b, n);
	buf_adds(b, "</td>");
}

static void
put_cell(struct buf *b, const char *tag, struct str s)
{
	buf_printf(b, "<%s>", tag);
	chart_text(b, s.n > 0 ? s : STR("-"));
	buf_printf(b, "</%.2s>", tag);
}

static void
open_section(struct buf *b, const char *id, const char *title)
{
	buf_printf(b,
	    "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id,
	    title);
}

/* Wide tables scroll by themselves, by keyboard too. */
static void
open_table(struct buf *b, const char *caption)
{
	buf_printf(b,
	    "<div class=\"scroll\" tabindex=\"0\">"
	    "<table><caption>%s</caption>\n",
	    caption);
}

static void
close_table(struct buf *b)
{
	buf_adds(b, "</table></div>\n");
}

static void
put_state_heads(struct buf *b, const char *first)
{
	buf_printf(b, "<tr><th scope=\"col\">%s</th>", first);
	buf_adds(b, "<th scope=\"col\" class=\"n\">total</th>");
	for (int i = 0; i < REPORT_STATES; i++)
		buf_printf(
		    b, "<th scope=\"col\" class=\"n\">%s</th>", labels[i]);
	buf_adds(b, "</tr>\n");
}

static void
put_states(struct buf *b, const struct report_group *g)
{
	put_number(b, g->total);
	for (int i = 0; i < REPORT_STATES; i++)
		put_number(b, g->by[i]);
	buf_adds(b, "</tr>\n");
}

static void
put_key(struct buf *b)
{
	buf_adds(b, "<ul class=\"key\" aria-hidden=\"true\">");
	for (int i = 0; i < REPORT_STATES; i++)
		buf_printf(b, "<li><i class=\"s%d\"></i>%s</li>", i, labels[i]);
	buf_adds(b, "</ul>\n");
}

static void
put_head(struct buf *b, const struct report *r)
{
	buf_adds(b, head);
	buf_adds(b, "<title>");
	chart_text(b, r->id);
	buf_adds(b, ": what happened</title>\n");
	buf_adds(b, style);
	buf_adds(b, "</head>\n<body>\n<main>\n<h1>");
	chart_text(b, r->subject.n > 0 ? r->subject : r->id);
	buf_adds(b, "</h1>\n<dl>\n");
	put_fact(b, "Mailing", r->id);
	put_fact(b, "Course", r->course_id);
	put_fact(b, "State", r->state);
	put_fact_time(b, "Begun", r->created);
	put_fact_time(b, "First outcome", r->first);
	put_fact_time(b, "Last outcome", r->last);
	buf_adds(b, "<dt>Opted out since</dt><dd>");
	columns_group(b, r->optouts);
	buf_adds(b, "</dd>\n</dl>\n");
}

static void
put_outcomes(struct buf *b, const struct report *r)
{
	struct chart_bar bars[REPORT_STATES] = {0};

	open_section(b, "outcomes", "Outcomes");
	for (int i = 0; i < REPORT_STATES; i++) {
		bars[i].label = str_of(labels[i]);
		bars[i].by[i] = r->all.by[i];
	}
	chart_rows(b, "Recipients by outcome", bars, REPORT_STATES);
	open_table(b, "Outcomes and their reasons");
	buf_adds(b,
	    "<tr><th scope=\"col\">outcome</th><th scope=\"col\">reason</th>"
	    "<th scope=\"col\" class=\"n\">recipients</th></tr>\n");
	for (size_t i = 0; i < r->class_count; i++) {
		const struct report_class *c = &r->classes[i];

		buf_adds(b, "<tr>");
		put_cell(b, "td", str_of(labels[c->state]));
		put_cell(b, "td", c->class);
		put_number(b, c->count);
		buf_adds(b, "</tr>\n");
	}
	buf_adds(b, "<tr><th scope=\"row\">total</th><td></td>");
	put_number(b, r->all.total);
	buf_adds(b, "</tr>\n");
	if (r->planned >= 0) {
		buf_adds(b, "<tr><th scope=\"row\">not started</th><td></td>");
		put_number(b, report_missing(r));
		buf_adds(b, "</tr>\n");
	}
	close_table(b);
	buf_adds(b, "</section>\n");
}

/* "05:03:20", or with the date when the series is long. */
static void
put_moment(struct buf *b, const struct report_series *s, size_t i)
{
	struct buf text = {0};

	num_rfc3339(&text, s->start + (int64_t)i * s->width);
	if (s->width * (int64_t)s->count < 86400000)
		buf_printf(b, "%.8s", text.p + 11);
	else
		buf_printf(b, "%.5s %.5s", text.p + 5, text.p + 11);
	buf_free(&text);
}

static void
put_series(struct buf *b, const struct report *r)
{
	const struct report_series *s = &r->series;
	struct chart_bar *bars = mem_new(s->count * sizeof(*bars));
	struct arena *arena = arena_new();
	char title[80];

	for (size_t i = 0; i < s->count; i++) {
		struct buf label = {0};

		put_moment(&label, s, i);
		bars[i].label = str_of(arena_dup(arena, label.p, label.len));
		for (int k = 0; k < REPORT_STATES; k++)
			bars[i].by[k] = s->items[i].by[k];
		buf_free(&label);
	}
	snprintf(title, sizeof(title), "Outcomes in each %lld seconds",
	    (long long)s->width / 1000);
	open_section(b, "time", "Over time");
	put_key(b);
	chart_columns(b, title, bars, s->count);
	buf_adds(b, "<details><summary>As a table</summary>\n");
	open_table(b, title);
	put_state_heads(b, "from (UTC)");
	for (size_t i = 0; i < s->count; i++) {
		buf_adds(b, "<tr>");
		put_cell(b, "td", bars[i].label);
		put_states(b, &s->items[i]);
	}
	close_table(b);
	buf_adds(b, "</details>\n</section>\n");
	arena_free(arena);
	free(bars);
}

static void
put_groups(struct buf *b, const char *id, const char *title, const char *column,
    const struct report_groups *groups)
{
	open_section(b, id, title);
	open_table(b, "Recipients by outcome");
	put_state_heads(b, column);
	for (size_t i = 0; i < groups->count && i < ROWS; i++) {
		buf_adds(b, "<tr>");
		put_cell(b, "td", groups->items[i].name);
		put_states(b, &groups->items[i]);
	}
	close_table(b);
	if (groups->count > ROWS)
		buf_printf(b, "<p>and %zu more</p>\n", groups->count - ROWS);
	buf_adds(b, "</section>\n");
}

static long long
refused(const struct report_group *g)
{
	return g->by[REPORT_FAILED] + g->by[REPORT_DEFERRED] +
	       g->by[REPORT_IN_DOUBT];
}

static int
more_refused(const void *pa, const void *pb)
{
	long long a = refused(*(const struct report_group *const *)pa);
	long long b = refused(*(const struct report_group *const *)pb);

	return (a < b) - (a > b);
}

/* The domains with the most refusals, which need not be the largest. */
static void
put_refusing(struct buf *b, const struct report *r)
{
	size_t n = r->domains.count, shown = 0;
	const struct report_group **sorted = mem_new(n * sizeof(*sorted));
	struct chart_bar bars[TOP] = {0};

	for (size_t i = 0; i < n; i++)
		sorted[i] = &r->domains.items[i];
	if (n > 0)
		qsort(sorted, n, sizeof(*sorted), more_refused);
	for (; shown < n && shown < TOP && refused(sorted[shown]) > 0;
	     shown++) {
		const long long *by = sorted[shown]->by;

		bars[shown].label = sorted[shown]->name;
		bars[shown].by[REPORT_FAILED] = by[REPORT_FAILED];
		bars[shown].by[REPORT_DEFERRED] = by[REPORT_DEFERRED];
		bars[shown].by[REPORT_IN_DOUBT] = by[REPORT_IN_DOUBT];
	}
	if (shown > 0)
		chart_rows(b, "Refusals by recipients' domain", bars, shown);
	free(sorted);
}

static void
put_refusals(struct buf *b, const struct report *r)
{
	open_section(b, "refusals", "Refusals");
	put_refusing(b, r);
	open_table(b, "Refusals, and what was said to one of them");
	buf_adds(b,
	    "<tr><th scope=\"col\" class=\"n\">recipients</th>"
	    "<th scope=\"col\">outcome</th><th scope=\"col\">reason</th>"
	    "<th scope=\"col\">code</th><th scope=\"col\">words</th></tr>\n");
	for (size_t i = 0; i < r->refusal_count && i < ROWS; i++) {
		const struct report_refusal *refusal = &r->refusals[i];
		struct buf code = {0};

		if (refusal->code != 0)
			buf_printf(&code, "%d ", refusal->code);
		buf_addstr(&code, refusal->enhanced);
		buf_adds(b, "<tr>");
		put_number(b, refusal->count);
		put_cell(b, "td", str_of(labels[refusal->state]));
		put_cell(b, "td", refusal->class);
		put_cell(b, "td", buf_str(&code));
		put_cell(b, "td class=\"w\"", refusal->reply);
		buf_adds(b, "</tr>\n");
		buf_free(&code);
	}
	close_table(b);
	buf_adds(b, "</section>\n");
}

static void
put_wait_label(struct buf *b, size_t i)
{
	long long limit = report_wait_limit(i);

	if (limit < 0)
		buf_adds(b, "longer");
	else if (limit < 1000)
		buf_printf(b, "< %lld ms", limit);
	else
		buf_printf(b, "< %lld s", limit / 1000);
}

static void
put_latency(struct buf *b, const struct report_latency *l)
{
	static const char *const names[] = {
	    "median", "90 %", "99 %", "longest", "mean"};
	const long long values[] = {l->p50, l->p90, l->p99, l->max, l->mean};
	struct chart_bar bars[REPORT_WAITS] = {0};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < REPORT_WAITS; i++) {
		struct buf label = {0};

		put_wait_label(&label, i);
		bars[i].label = str_of(arena_dup(arena, label.p, label.len));
		bars[i].by[REPORT_SENT] = l->waits[i];
		buf_free(&label);
	}
	open_section(b, "latency", "How long a message took");
	chart_rows(b, "Messages by the time they took", bars, REPORT_WAITS);
	open_table(b, "Milliseconds");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		buf_printf(b, "<tr><th scope=\"row\">%s</th>", names[i]);
		put_number(b, values[i]);
		buf_adds(b, "</tr>\n");
	}
	close_table(b);
	buf_adds(b, "</section>\n");
	arena_free(arena);
}

void
report_html(struct buf *b, const struct report *r)
{
	put_head(b, r);
	put_outcomes(b, r);
	if (r->series.count > 0)
		put_series(b, r);
	if (r->refusal_count > 0)
		put_refusals(b, r);
	if (r->latency.count > 0)
		put_latency(b, &r->latency);
	put_groups(b, "domains", "Recipients' domains", "domain", &r->domains);
	put_groups(b, "relays", "Relays", "relay", &r->relays);
	put_groups(b, "attempts", "Attempts", "attempt", &r->attempts);
	buf_adds(b, "</main>\n</body>\n</html>\n");
}
