#include "mail/report/report_course.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "mail/report/chart.h"
#include "mail/report/html_page.h"
#include "mail/report/time_series.h"

#define TICKS 8 /* times below the chart, at most */
#define DAY 86400000
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The total, and then the states. */
static const char *const names[] = {REPORT_NAMES};

void
report_course_counts(struct buf *b, const struct report_group *g)
{
	html_page_number(b, g->total);
	for (int i = 0; i < REPORT_STATES; i++)
		html_page_number(b, g->by[i]);
}

void
report_course_key(struct buf *b, unsigned states)
{
	buf_adds(b, "<ul class=\"key\" aria-hidden=\"true\">");
	for (int i = 0; i < REPORT_STATES; i++) {
		if ((states & 1U << i) != 0)
			buf_printf(b, "<li><i class=\"s%d\"></i>%s</li>", i,
			    names[i + 1]);
	}
	buf_adds(b, "</ul>\n");
}

static struct str
kept(struct arena *arena, struct buf *b)
{
	struct str s = arena_str(arena, buf_str(b));

	buf_free(b);
	return s;
}

/* "05:03:20", or with the date when the series is long. */
static struct str
moment(const struct report_series *s, size_t i, struct arena *arena)
{
	struct buf text = {0}, label = {0};

	num_rfc3339(&text, s->start + (int64_t)i * s->width);
	if (s->width * (int64_t)s->count < DAY)
		buf_printf(&label, "%.8s", text.p + 11);
	else
		buf_printf(&label, "%.10s %.5s", text.p, text.p + 11);
	buf_free(&text);
	return kept(arena, &label);
}

/* Below the axis at full minutes, hours or days; a new day has its date. */
static struct str
tick(const struct report_series *s, size_t i, int64_t step, struct arena *arena)
{
	int64_t at = s->start + (int64_t)i * s->width;
	struct buf text = {0}, label = {0};

	if (at % step != 0)
		return (struct str){0};
	num_rfc3339(&text, at);
	if (at % DAY == 0)
		buf_printf(&label, "%.10s", text.p);
	else
		buf_printf(
		    &label, "%.*s", step % 60000 == 0 ? 5 : 8, text.p + 11);
	buf_free(&text);
	return kept(arena, &label);
}

static unsigned
fill_bars(
    const struct report_series *s, struct chart_bar *bars, struct arena *arena)
{
	int64_t step = time_series_step(s->width * (int64_t)s->count, TICKS);
	unsigned states = 0;

	for (size_t i = 0; i < s->count; i++) {
		bars[i].label = moment(s, i, arena);
		bars[i].tick = tick(s, i, step, arena);
		for (int k = 0; k < REPORT_STATES; k++) {
			bars[i].by[k] = s->items[i].by[k];
			states |= s->items[i].by[k] > 0 ? 1U << k : 0;
		}
	}
	return states;
}

/* "Outcomes in each 10 minutes" */
static void
put_title(char *out, size_t size, int64_t width)
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = {{DAY, "day"}, {3600000, "hour"}, {60000, "minute"},
	    {1000, "second"}};
	size_t i = 0;

	while (width % units[i].ms != 0)
		i++;
	if (width == units[i].ms)
		snprintf(out, size, "Outcomes in each %s", units[i].name);
	else
		snprintf(out, size, "Outcomes in each %lld %ss",
		    (long long)(width / units[i].ms), units[i].name);
}

static void
put_course_table(struct buf *b, const char *title,
    const struct report_series *s, const struct chart_bar *bars)
{
	const char *heads[] = {"from (UTC)", REPORT_NAMES};

	html_page_open_details(b);
	html_page_open_table(b, title, heads, COUNT(heads), 1);
	for (size_t i = 0; i < s->count; i++) {
		buf_adds(b, "<tr>");
		html_page_cell(b, "c", bars[i].label);
		report_course_counts(b, &s->items[i]);
		html_page_row_end(b);
	}
	html_page_close_table(b);
	html_page_close_details(b);
}

void
report_course(struct buf *b, const struct report_series *s)
{
	struct chart_bar *bars = mem_new(s->count * sizeof(*bars));
	struct arena *arena = arena_new();
	unsigned states = fill_bars(s, bars, arena);
	char title[80];

	put_title(title, sizeof(title), s->width);
	html_page_open_section(b, "time", "Over time");
	html_page_heading(b, title);
	report_course_key(b, states);
	chart_columns(b, title, bars, s->count);
	put_course_table(b, title, s, bars);
	html_page_close_section(b);
	arena_free(arena);
	free(bars);
}

static void
put_wait(struct buf *b, long long ms)
{
	if (ms < 1000)
		buf_printf(b, "%lld ms", ms);
	else
		buf_printf(b, "%lld s", ms / 1000);
}

/* "below 5 ms", "5 ms to 10 ms", "10 s and more" */
static struct str
wait_label(size_t i, struct arena *arena)
{
	struct buf label = {0};

	if (i == 0) {
		buf_adds(&label, "below ");
	} else {
		put_wait(&label, report_wait_limit(i - 1));
		buf_adds(
		    &label, report_wait_limit(i) < 0 ? " and more" : " to ");
	}
	if (report_wait_limit(i) >= 0)
		put_wait(&label, report_wait_limit(i));
	return kept(arena, &label);
}

/* From the first interval that has any to the last; how many, and *first. */
static size_t
used_waits(const struct report_latency *l, size_t *first)
{
	size_t from = 0, to = REPORT_WAITS;

	while (from < to && l->waits[from] == 0)
		from++;
	while (to > from && l->waits[to - 1] == 0)
		to--;
	*first = from;
	return to - from;
}

static void
put_waits(struct buf *b, const struct report_latency *l)
{
	static const char *const heads[] = {"time", "messages"};
	struct chart_bar bars[REPORT_WAITS] = {0};
	struct arena *arena = arena_new();
	size_t first, count = used_waits(l, &first);

	for (size_t i = 0; i < count; i++) {
		bars[i].label = wait_label(first + i, arena);
		bars[i].by[REPORT_SENT] = l->waits[first + i];
	}
	chart_rows(b, "Messages by the time they took", bars, count);
	html_page_open_details(b);
	html_page_open_table(b, "Messages by the time they took", heads, 2, 1);
	for (size_t i = 0; i < count; i++) {
		buf_adds(b, "<tr>");
		html_page_cell(b, NULL, bars[i].label);
		html_page_number(b, bars[i].by[REPORT_SENT]);
		html_page_row_end(b);
	}
	html_page_close_table(b);
	html_page_close_details(b);
	arena_free(arena);
}

void
report_course_waits(struct buf *b, const struct report_latency *l)
{
	static const char *const heads[] = {"messages that were sent", "ms"};
	static const char *const rows[] = {
	    "median", "90 %", "99 %", "longest", "mean"};
	const long long values[] = {l->p50, l->p90, l->p99, l->max, l->mean};

	html_page_open_section(b, "latency", "How long a message took");
	put_waits(b, l);
	html_page_open_table(b, "Milliseconds", heads, 2, 1);
	for (size_t i = 0; i < COUNT(values); i++) {
		html_page_row(b, rows[i]);
		html_page_number(b, values[i]);
		html_page_row_end(b);
	}
	html_page_close_table(b);
	html_page_close_section(b);
}
