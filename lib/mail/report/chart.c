#include "mail/report/chart.h"

#include "base/columns.h"
#include "mail/report/html_page.h"

#define WIDTH 720
#define LEFT 56    /* width of the axis numbers */
#define HEIGHT 200 /* of the columns */
#define TOP 8
#define CHARACTER 8 /* width of a character of a tick */

#define ROW 26       /* from one row to the next */
#define ROW_LEFT 236 /* width of the labels */
#define ROW_RIGHT 80 /* width of the totals */
#define LABEL_MAX 28 /* characters of a row's label */

static long long
sum_states(const struct chart_bar *bar)
{
	long long total = 0;

	for (int i = 0; i < REPORT_STATES; i++)
		total += bar->by[i];
	return total;
}

static long long
find_largest(const struct chart_bar *bars, size_t count)
{
	long long most = 1;

	for (size_t i = 0; i < count; i++) {
		long long total = sum_states(&bars[i]);

		most = total > most ? total : most;
	}
	return most;
}

/* It has no room in a narrow window, where its table takes its place. */
static void
open_svg(struct buf *b, const char *title, int height)
{
	buf_printf(b,
	    "<div class=\"scroll chart\" tabindex=\"0\"><svg role=\"img\" "
	    "viewBox=\"0 0 %d %d\" aria-label=\"",
	    WIDTH, height);
	html_page_text(b, str_of(title));
	buf_adds(b, "\">\n");
}

static void
close_svg(struct buf *b)
{
	buf_adds(b, "</svg></div>\n");
}

/* The tooltip of a bar's piece. */
static void
put_title(struct buf *b, const struct chart_bar *bar, int state)
{
	buf_adds(b, "<title>");
	html_page_text(b, bar->label);
	buf_printf(b, ": %lld %s</title>", bar->by[state],
	    report_state_name((enum report_state)state));
}

/* 1, 2 or 5 times a power of ten, for at most five lines above 0. */
static long long
choose_step(long long most)
{
	long long step = 1;

	for (int i = 0; most > step * 5; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	return step;
}

static void
put_axis(struct buf *b, long long step, long long most)
{
	for (long long n = 0; n <= most; n += step) {
		double y = TOP + HEIGHT * (1 - (double)n / (double)most);

		buf_printf(b,
		    "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" "
		    "y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" "
		    "text-anchor=\"end\">",
		    LEFT, WIDTH, y, y, LEFT - 6, y + 4);
		columns_group(b, n);
		buf_adds(b, "</text>\n");
	}
}

static void
put_column(struct buf *b, const struct chart_bar *bar, double x, double w,
    long long most)
{
	double y = TOP + HEIGHT;

	for (int i = 0; i < REPORT_STATES; i++) {
		double h = HEIGHT * (double)bar->by[i] / (double)most;

		if (bar->by[i] == 0)
			continue;
		y -= h;
		buf_printf(b,
		    "<rect class=\"s%d\" x=\"%.1f\" y=\"%.1f\" "
		    "width=\"%.1f\" height=\"%.1f\">",
		    i, x, y, w > 3 ? w - 1 : w, h);
		put_title(b, bar, i);
		buf_adds(b, "</rect>\n");
	}
}

/* A stroke down from the start of the interval, and its label beside it. */
static void
put_tick(struct buf *b, const struct chart_bar *bar, double x)
{
	if (bar->tick.n == 0 || x + CHARACTER * (double)bar->tick.n > WIDTH)
		return;
	buf_printf(b,
	    "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" "
	    "y2=\"%d\"/><text x=\"%.1f\" y=\"%d\">",
	    x, x, TOP + HEIGHT, TOP + HEIGHT + 20, x + 4, TOP + HEIGHT + 18);
	html_page_text(b, bar->tick);
	buf_adds(b, "</text>\n");
}

void
chart_columns(struct buf *b, const char *title, const struct chart_bar *bars,
    size_t count)
{
	long long most = find_largest(bars, count), step = choose_step(most);
	double w = (double)(WIDTH - LEFT) / (double)(count > 0 ? count : 1);

	most = (most + step - 1) / step * step;
	open_svg(b, title, TOP + HEIGHT + 24);
	put_axis(b, step, most);
	for (size_t i = 0; i < count; i++) {
		double x = LEFT + w * (double)i;

		put_column(b, &bars[i], x, w, most);
		put_tick(b, &bars[i], x);
	}
	close_svg(b);
}

static void
put_row(struct buf *b, const struct chart_bar *bar, double y, long long most)
{
	double scale = (double)(WIDTH - ROW_LEFT - ROW_RIGHT) / (double)most;
	double x = ROW_LEFT;
	struct buf label = {0};

	columns_clean(&label, bar->label, LABEL_MAX, false);
	buf_printf(b, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">",
	    ROW_LEFT - 8, y + 15);
	html_page_text(b, buf_str(&label));
	buf_adds(b, "</text>\n");
	buf_free(&label);
	for (int i = 0; i < REPORT_STATES; i++) {
		double w = scale * (double)bar->by[i];

		if (bar->by[i] == 0)
			continue;
		buf_printf(b,
		    "<rect class=\"s%d\" x=\"%.1f\" y=\"%.1f\" "
		    "width=\"%.1f\" height=\"%d\">",
		    i, x, y, w, ROW - 6);
		put_title(b, bar, i);
		buf_adds(b, "</rect>\n");
		x += w;
	}
	buf_printf(b, "<text x=\"%.1f\" y=\"%.1f\">", x + 6, y + 15);
	columns_group(b, sum_states(bar));
	buf_adds(b, "</text>\n");
}

void
chart_rows(struct buf *b, const char *title, const struct chart_bar *bars,
    size_t count)
{
	long long most = find_largest(bars, count);

	open_svg(b, title, TOP + ROW * (int)count);
	for (size_t i = 0; i < count; i++)
		put_row(b, &bars[i], TOP + (double)(ROW * i), most);
	close_svg(b);
}
