#include "mail/report/report_html.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/columns.h"
#include "base/mem.h"
#include "base/num.h"
#include "mail/report/chart.h"
#include "mail/report/html_page.h"
#include "mail/report/html_states.h"
#include "mail/report/report_bounces.h"
#include "mail/report/report_course.h"
#include "mail/report/report_summary.h"
#include "mail/report/report_waits.h"

#define TOP 10  /* bars of a chart, at most */
#define ROWS 50 /* of a table, at most */

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
put_property(struct buf *b, const char *name, struct str value)
{
	if (value.p == NULL)
		return;
	buf_printf(b, "<dt>%s</dt><dd>", name);
	html_page_text(b, value);
	buf_adds(b, "</dd>\n");
}

static void
put_property_time(struct buf *b, const char *name, int64_t ms)
{
	if (ms == 0)
		return;
	buf_printf(b, "<dt>%s</dt><dd>", name);
	put_time(b, ms);
	buf_adds(b, "</dd>\n");
}

static void
put_head(struct buf *b, const struct report *r)
{
	struct buf summary = {0};

	buf_adds(b, "<h1>");
	html_page_text(b, r->subject.n > 0 ? r->subject : r->id);
	buf_adds(b, "</h1>\n<dl>\n");
	put_property(b, "Mailing", r->id);
	put_property(b, "Course", r->course_id);
	put_property(b, "State", r->state);
	if (r->uncertain)
		put_property(b, "Uncertain",
		    STR("The ledger is older than what was sent: people in "
			"doubt may have mail."));
	put_property(b, "Approved by", r->approved_by);
	put_property_time(b, "Approved", r->approved_at);
	put_property_time(b, "Begun", r->created);
	put_property_time(b, "First outcome", r->first);
	put_property_time(b, "Last outcome", r->last);
	put_property_time(b, "Next try", r->next_first);
	if (r->next_last != r->next_first)
		put_property_time(b, "Last next try", r->next_last);
	buf_adds(b, "<dt>Opted out since</dt><dd>");
	columns_group(b, r->optouts);
	buf_adds(b, "</dd>\n</dl>\n<p>");
	report_summary(&summary, r);
	html_page_text(b, buf_str(&summary));
	buf_adds(b, "</p>\n");
	buf_free(&summary);
}

static void
put_tile(
    struct buf *b, int color, const char *label, long long n, long long total)
{
	buf_printf(b, "<li class=\"s%d\"><b>", color);
	columns_group(b, n);
	buf_printf(b, "</b>%s", label);
	if (total > 0)
		buf_printf(b, " <span>%.1f %%</span>",
		    100.0 * (double)n / (double)total);
	buf_adds(b, "</li>\n");
}

/* The counts, large, before the details; zeros are left out. */
static void
put_tiles(struct buf *b, const struct report *r)
{
	long long missing = report_missing(r), total = r->all.total + missing;

	buf_adds(b, "<ul class=\"tiles\">\n");
	for (int i = 0; i < REPORT_STATES; i++) {
		if (r->all.by[i] > 0 || i == REPORT_SENT)
			put_tile(b, i, report_state_label((enum report_state)i),
			    r->all.by[i], total);
	}
	if (missing > 0)
		put_tile(b, REPORT_STATES, "not started", missing, total);
	put_tile(b, REPORT_STATES, "recipients", total, 0);
	report_bounces_tiles(b, r);
	buf_adds(b, "</ul>\n");
	report_bounces_notes(b, r);
}

static void
put_total(struct buf *b, const char *name, long long n)
{
	html_page_row(b, name);
	buf_adds(b, "<td></td>");
	html_page_number(b, n);
	html_page_row_end(b);
}

static void
put_outcomes(struct buf *b, const struct report *r)
{
	static const char *const names[] = {"outcome", "reason", "recipients"};
	struct chart_bar bars[REPORT_STATES] = {0};

	html_page_open_section(b, "outcomes", "Outcomes");
	for (int i = 0; i < REPORT_STATES; i++) {
		bars[i].label =
		    str_of(report_state_label((enum report_state)i));
		bars[i].by[i] = r->all.by[i];
	}
	chart_rows(b, "Recipients by outcome", bars, REPORT_STATES);
	html_page_open_table(b, "Outcomes and their reasons", names, 3, 2);
	for (size_t i = 0; i < r->class_count; i++) {
		const struct report_class *c = &r->classes[i];

		buf_adds(b, "<tr>");
		html_page_cell(b, NULL, str_of(report_state_label(c->state)));
		html_page_cell(b, NULL, c->class);
		html_page_number(b, c->count);
		html_page_row_end(b);
	}
	put_total(b, "total", r->all.total);
	if (r->planned >= 0)
		put_total(b, "not started", report_missing(r));
	html_page_close_table(b);
	html_page_close_section(b);
}

static long long
count_refused(const struct report_group *g)
{
	return g->by[REPORT_FAILED] + g->by[REPORT_DEFERRED] +
	       g->by[REPORT_IN_DOUBT];
}

static int
compare_refused(const void *pa, const void *pb)
{
	long long a = count_refused(*(const struct report_group *const *)pa);
	long long b = count_refused(*(const struct report_group *const *)pb);

	return (a < b) - (a > b);
}

/* Bars of the domains with the most refusals; returns their count. */
static size_t
fill_refusing(const struct report *r, struct chart_bar *bars)
{
	size_t n = r->domains.count, count = 0;
	const struct report_group **sorted = mem_new(n * sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		sorted[i] = &r->domains.items[i];
	if (n > 0)
		qsort(sorted, n, sizeof(*sorted), compare_refused);
	for (; count < n && count < TOP && count_refused(sorted[count]) > 0;
	     count++) {
		const long long *by = sorted[count]->by;

		bars[count].label = sorted[count]->name;
		bars[count].by[REPORT_FAILED] = by[REPORT_FAILED];
		bars[count].by[REPORT_DEFERRED] = by[REPORT_DEFERRED];
		bars[count].by[REPORT_IN_DOUBT] = by[REPORT_IN_DOUBT];
	}
	free(sorted);
	return count;
}

static void
put_refusing_domains(struct buf *b, const struct report *r)
{
	static const char *const names[] = {
	    "domain", "failed", "deferred", "in doubt"};
	struct chart_bar bars[TOP] = {0};
	size_t count = fill_refusing(r, bars);

	html_page_heading(b, "By the recipients&#39; domain");
	html_states_key(b, 1U << REPORT_FAILED | 1U << REPORT_DEFERRED |
			       1U << REPORT_IN_DOUBT);
	chart_rows(b, "Refusals by recipients' domain", bars, count);
	html_page_open_details(b);
	html_page_open_table(b, "Domains with the most refusals", names, 4, 1);
	for (size_t i = 0; i < count; i++) {
		buf_adds(b, "<tr>");
		html_page_cell(b, NULL, bars[i].label);
		html_page_number(b, bars[i].by[REPORT_FAILED]);
		html_page_number(b, bars[i].by[REPORT_DEFERRED]);
		html_page_number(b, bars[i].by[REPORT_IN_DOUBT]);
		html_page_row_end(b);
	}
	html_page_close_table(b);
	html_page_close_details(b);
}

static void
put_replies(struct buf *b, const struct report *r)
{
	static const char *const names[] = {
	    "outcome", "reason", "code", "words", "recipients"};

	html_page_open_table(
	    b, "Refusals, and what was said to one of them", names, 5, 4);
	for (size_t i = 0; i < r->refusal_count && i < ROWS; i++) {
		const struct report_refusal *refusal = &r->refusals[i];
		struct buf code = {0};

		if (refusal->code != 0)
			buf_printf(&code, "%d ", refusal->code);
		buf_addstr(&code, refusal->enhanced);
		buf_adds(b, "<tr>");
		html_page_cell(
		    b, "c", str_of(report_state_label(refusal->state)));
		html_page_cell(b, "c", refusal->class);
		html_page_cell(b, "c", buf_str(&code));
		html_page_cell(b, "w", refusal->reply);
		html_page_number(b, refusal->count);
		html_page_row_end(b);
		buf_free(&code);
	}
	html_page_close_table(b);
}

static void
put_refusals(struct buf *b, const struct report *r)
{
	html_page_open_section(b, "refusals", "Refusals");
	put_replies(b, r);
	put_refusing_domains(b, r);
	html_page_close_section(b);
}

static void
put_groups(struct buf *b, const char *id, const char *title, const char *column,
    const struct report_groups *groups)
{
	html_page_open_section(b, id, title);
	html_states_open_table(b, "Recipients by outcome", column);
	for (size_t i = 0; i < groups->count && i < ROWS; i++) {
		buf_adds(b, "<tr>");
		html_page_cell(b, NULL, groups->items[i].name);
		html_states_counts(b, &groups->items[i]);
		html_page_row_end(b);
	}
	html_page_close_table(b);
	if (groups->count > ROWS)
		buf_printf(b, "<p>and %zu more</p>\n", groups->count - ROWS);
	html_page_close_section(b);
}

void
report_html(struct buf *b, const struct report *r)
{
	struct buf title = {0};

	buf_addstr(&title, r->id);
	buf_adds(&title, ": what happened");
	html_page_open(b, buf_str(&title));
	buf_free(&title);
	put_head(b, r);
	put_tiles(b, r);
	put_outcomes(b, r);
	if (r->series.count > 0)
		report_course(b, &r->series);
	if (r->refusal_count > 0)
		put_refusals(b, r);
	if (r->latency.count > 0)
		report_waits(b, &r->latency);
	put_groups(
	    b, "domains", "Recipients&#39; domains", "domain", &r->domains);
	put_groups(b, "relays", "Relays", "relay", &r->relays);
	put_groups(b, "attempts", "Attempts", "attempt", &r->attempts);
	html_page_close(b);
}
