#include "base/speed.h"

#include "base/columns.h"
#include "base/utf8.h"

#define BAR_LEAST 10 /* columns */
#define BAR_MOST 40

void
speed_add(struct speed *p, int64_t at, long long done)
{
	struct speed_look look = {at, done};

	if (p->count == 0)
		p->first = look;
	p->looks[p->count++ % SPEED_WINDOW] = look;
}

static const struct speed_look *
find_newest(const struct speed *p)
{
	return &p->looks[(p->count - 1) % SPEED_WINDOW];
}

long long
speed_done(const struct speed *p)
{
	return p->count > 0 ? find_newest(p)->done : 0;
}

static double
compute_rate(const struct speed_look *from, const struct speed_look *to)
{
	if (to->at <= from->at)
		return 0;
	return (double)(to->done - from->done) * 1000 /
	       (double)(to->at - from->at);
}

double
speed_rate(const struct speed *p)
{
	size_t oldest = p->count > SPEED_WINDOW ? p->count % SPEED_WINDOW : 0;

	return p->count > 0 ? compute_rate(&p->looks[oldest], find_newest(p))
			    : 0;
}

double
speed_mean(const struct speed *p)
{
	return p->count > 0 ? compute_rate(&p->first, find_newest(p)) : 0;
}

void
speed_put_rates(struct buf *b, const struct speed *p)
{
	buf_printf(b, "%.0f/s, mean %.0f/s", speed_rate(p), speed_mean(p));
}

void
speed_put_time(struct buf *b, double seconds)
{
	long long s = (long long)seconds;

	if (s >= 3600)
		buf_printf(
		    b, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else
		buf_printf(b, "%lld:%02lld", s / 60, s % 60);
}

/* The bar takes the columns that the words leave, and a few in any case. */
static size_t
choose_width(size_t width, size_t words)
{
	size_t left = width > words + 3 ? width - words - 3 : 0;

	if (left < BAR_LEAST)
		return width / 5 < BAR_LEAST ? width / 5 : BAR_LEAST;
	return left < BAR_MOST ? left : BAR_MOST;
}

size_t
speed_put_bar(struct buf *b, long long done, long long total, size_t width,
    size_t words, bool ascii)
{
	size_t columns = choose_width(width, words);
	struct buf bar = {0};

	columns_bar(&bar, done, total, columns, ascii);
	buf_printf(b, "[%s%*s] ", buf_cstr(&bar),
	    (int)(columns - utf8_columns(buf_str(&bar))), "");
	buf_free(&bar);
	return columns + 3;
}
