#include "mail/report/report_course.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "mail/report/chart.h"
#include "mail/report/html_page.h"
#include "mail/report/html_states.h"
#include "mail/report/time_series.h"

#define TICKS 8      /* at most, below the chart */
#define DAY 86400000 /* ms */

/* "05:03:20"; with the date if the series is a day or longer. */
static struct str
format_start(const struct report_series *s, size_t i, struct arena *arena)
{
	struct buf text = {0};
	char *label;

	num_rfc3339(&text, s->start + (int64_t)i * s->width);
	if (s->width * (int64_t)s->count < DAY)
		label = arena_printf(arena, "%.8s", text.p + 11);
	else
		label = arena_printf(arena, "%.10s %.5s", text.p, text.p + 11);
	buf_free(&text);
	return str_of(label);
}

/* The time at a multiple of step, or the date at midnight; else absent. */
static struct str
format_tick(
    const struct report_series *s, size_t i, int64_t step, struct arena *arena)
{
	int64_t at = s->start + (int64_t)i * s->width;
	struct buf text = {0};
	char *label;

	if (at % step != 0)
		return (struct str){0};
	num_rfc3339(&text, at);
	if (at % DAY == 0)
		label = arena_printf(arena, "%.10s", text.p);
	else
		label = arena_printf(
		    arena, "%.*s", step % 60000 == 0 ? 5 : 8, text.p + 11);
	buf_free(&text);
	return str_of(label);
}

/* Returns the set of states that occur. */
static unsigned
fill_bars(
    const struct report_series *s, struct chart_bar *bars, struct arena *arena)
{
	int64_t step = time_series_step(s->width * (int64_t)s->count, TICKS);
	unsigned states = 0;

	for (size_t i = 0; i < s->count; i++) {
		bars[i].label = format_start(s, i, arena);
		bars[i].tick = format_tick(s, i, step, arena);
		for (int k = 0; k < REPORT_STATES; k++) {
			bars[i].by[k] = s->items[i].by[k];
			states |= s->items[i].by[k] > 0 ? 1U << k : 0;
		}
	}
	return states;
}

/* "Outcomes in each 10 minutes" */
static void
format_title(char *out, size_t size, int64_t width)
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
	html_page_open_details(b);
	html_states_open_table(b, title, "from (UTC)");
	for (size_t i = 0; i < s->count; i++) {
		buf_adds(b, "<tr>");
		html_page_cell(b, "c", bars[i].label);
		html_states_counts(b, &s->items[i]);
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

	format_title(title, sizeof(title), s->width);
	html_page_open_section(b, "time", "Over time");
	html_page_heading(b, title);
	html_states_key(b, states);
	chart_columns(b, title, bars, s->count);
	put_course_table(b, title, s, bars);
	html_page_close_section(b);
	arena_free(arena);
	free(bars);
}
