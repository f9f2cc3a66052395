#include "mail/report/report_waits.h"

#include "base/arena.h"
#include "mail/report/chart.h"
#include "mail/report/html_page.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char *
format_limit(long long ms, struct arena *arena)
{
	if (ms < 1000)
		return arena_printf(arena, "%lld ms", ms);
	return arena_printf(arena, "%lld s", ms / 1000);
}

/* "below 5 ms", "5 ms to 10 ms", "10 s and more" */
static struct str
format_interval(size_t i, struct arena *arena)
{
	long long from = i > 0 ? report_latency_limit(i - 1) : -1;
	long long to = report_latency_limit(i);

	if (from < 0)
		return str_of(
		    arena_printf(arena, "below %s", format_limit(to, arena)));
	if (to < 0)
		return str_of(arena_printf(
		    arena, "%s and more", format_limit(from, arena)));
	return str_of(arena_printf(arena, "%s to %s", format_limit(from, arena),
	    format_limit(to, arena)));
}

/* The intervals from the first to the last that is not empty: their count. */
static size_t
find_used_intervals(const struct report_latency *l, size_t *first)
{
	size_t from = 0, to = REPORT_LATENCY_INTERVALS;

	while (from < to && l->intervals[from] == 0)
		from++;
	while (to > from && l->intervals[to - 1] == 0)
		to--;
	*first = from;
	return to - from;
}

static void
put_histogram(struct buf *b, const struct report_latency *l)
{
	static const char *const heads[] = {"time", "messages"};
	struct chart_bar bars[REPORT_LATENCY_INTERVALS] = {0};
	struct arena *arena = arena_new();
	size_t first, count = find_used_intervals(l, &first);

	for (size_t i = 0; i < count; i++) {
		bars[i].label = format_interval(first + i, arena);
		bars[i].by[REPORT_SENT] = l->intervals[first + i];
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
report_waits(struct buf *b, const struct report_latency *l)
{
	static const char *const heads[] = {"messages that were sent", "ms"};
	static const char *const rows[] = {
	    "median", "90 %", "99 %", "longest", "mean"};
	const long long values[] = {l->p50, l->p90, l->p99, l->max, l->mean};

	html_page_open_section(b, "latency", "How long a message took");
	put_histogram(b, l);
	html_page_open_table(b, "Milliseconds", heads, 2, 1);
	for (size_t i = 0; i < COUNT(values); i++) {
		html_page_row(b, rows[i]);
		html_page_number(b, values[i]);
		html_page_row_end(b);
	}
	html_page_close_table(b);
	html_page_close_section(b);
}
