#include "mail/report/report_speed.h"

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"

/* "950 ms", "1.3 s", "2 min 5 s", "3 h 20 min" */
static void
put_duration(struct buf *b, long long ms)
{
	long long minutes = ms / 60000;

	if (ms < 1000)
		buf_printf(b, "%lld ms", ms);
	else if (ms < 60000)
		buf_printf(b, "%.1f s", (double)ms / 1000);
	else if (minutes < 60)
		buf_printf(b, "%lld min %lld s", minutes, ms / 1000 % 60);
	else
		buf_printf(b, "%lld h %lld min", minutes / 60, minutes % 60);
}

/* One of eight levels up to the most; zero is a space. */
static void
put_level(struct buf *b, long long n, long long most, bool ascii)
{
	int level = most > 0 ? (int)(n * 7 / most) : 0;

	if (n == 0)
		buf_addc(b, ' ');
	else if (ascii)
		buf_addc(b, "._-=+*%#"[level]);
	else
		utf8_put(b, 0x2581 + (uint32_t)level);
}

static long long
sum_intervals(const struct report_series *s, size_t from, size_t count)
{
	long long sum = 0;

	for (size_t i = from; i < from + count && i < s->count; i++)
		sum += s->items[i].total;
	return sum;
}

static void
put_clock(struct buf *b, int64_t ms, bool dates)
{
	struct buf text = {0};

	num_rfc3339(&text, ms);
	if (dates)
		buf_printf(b, "%.10s ", text.p);
	buf_printf(b, "%.5s", text.p + 11);
	buf_free(&text);
}

/*
 * A character for each interval, or for several if the terminal is narrow;
 * below them the first and the last time.
 */
static void
put_sparks(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	const struct report_series *s = &r->series;
	size_t room = style->width - 4, step = (s->count + room - 1) / room;
	size_t width = (s->count + step - 1) / step, taken;
	bool dates = s->width * (int64_t)s->count >= 86400000;
	struct buf from = {0}, to = {0};
	long long most = 0;

	for (size_t i = 0; i < s->count; i += step) {
		long long sum = sum_intervals(s, i, step);

		most = sum > most ? sum : most;
	}
	buf_adds(b, "  ");
	for (size_t i = 0; i < s->count; i += step)
		put_level(b, sum_intervals(s, i, step), most, style->ascii);
	put_clock(&from, r->first, dates);
	put_clock(&to, r->last, dates);
	taken = from.len + to.len;
	if (taken + 2 <= room)
		buf_printf(b, "\n  %s%*s%s", buf_cstr(&from),
		    (int)(width > taken + 2 ? width - taken : 2), "",
		    buf_cstr(&to));
	buf_addc(b, '\n');
	buf_free(&from);
	buf_free(&to);
}

/*
 * A part of a list with commas, on a new line if it does not fit; *used is the
 * width of the current line. Empties part.
 */
static void
put_part(struct buf *b, struct buf *part, size_t *used,
    const struct report_style *style)
{
	bool first = *used == 0;
	bool fits = *used + 2 + part->len < style->width;

	if (!first && !fits) {
		buf_adds(b, ",\n");
		*used = 0;
	}
	buf_adds(b, first || !fits ? "  " : ", ");
	buf_addstr(b, buf_str(part));
	*used += 2 + part->len;
	buf_reset(part);
}

/* Outcomes a second in the fullest interval. */
static double
compute_peak(const struct report_series *s)
{
	long long most = 0;

	for (size_t i = 0; i < s->count; i++)
		most = s->items[i].total > most ? s->items[i].total : most;
	return (double)most * 1000 / (double)s->width;
}

static void
put_rate(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	long long ms = r->last - r->first;
	struct buf part = {0};
	size_t used = 0;

	if (ms < 1000)
		return;
	buf_printf(&part, "%.1f outcomes/s",
	    (double)(r->all.total - r->all.by[REPORT_CLAIMED]) * 1000 /
		(double)ms);
	put_part(b, &part, &used, style);
	buf_adds(&part, "over ");
	put_duration(&part, ms);
	put_part(b, &part, &used, style);
	if (r->series.count > 1) {
		buf_printf(&part, "at most %.1f/s", compute_peak(&r->series));
		put_part(b, &part, &used, style);
	}
	buf_addc(b, '\n');
	buf_free(&part);
}

static void
put_latency(struct buf *b, const struct report_latency *l,
    const struct report_style *style)
{
	static const char *const names[] = {"median ", "90 % ", "99 % "};
	const long long waits[] = {l->p50, l->p90, l->p99};
	struct buf part = {0};
	size_t used = 0;

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		buf_adds(&part, names[i]);
		put_duration(&part, waits[i]);
		put_part(b, &part, &used, style);
	}
	buf_addc(b, '\n');
	buf_free(&part);
}

void
report_speed(
    struct buf *b, const struct report *r, const struct report_style *style)
{
	put_rate(b, r, style);
	if (r->latency.count > 0)
		put_latency(b, &r->latency, style);
	if (r->series.count > 1)
		put_sparks(b, r, style);
}
