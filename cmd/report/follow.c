#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/columns.h"
#include "base/utf8.h"
#include "report/view.h"

#define PAUSE_MS 500  /* between two looks on a terminal */
#define LINES_MS 2000 /* between two lines elsewhere */
#define WINDOW 10     /* looks that "now" is worked out from */
#define IDLE_MS 10000 /* without a plan: complete when so long unchanged */
#define RECOVER_MS 5000
#define BAR_LEAST 10 /* columns */
#define BAR_MOST 40

/* A look at the ledger. */
struct look {
	int64_t at; /* ms, of a clock that only goes forward */
	long long settled;
};

struct follow {
	struct view *view;
	bool terminal;
	int64_t changed, recovered;
	struct look first, looks[WINDOW];
	size_t count;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static long long
settled(const struct report *r)
{
	return r->all.total - r->all.by[REPORT_CLAIMED];
}

static void
remember(struct follow *fo, int64_t at)
{
	struct look look = {at, settled(&fo->view->report)};

	if (fo->count == 0) {
		fo->first = look;
		fo->changed = at;
	} else if (fo->looks[(fo->count - 1) % WINDOW].settled !=
		   look.settled) {
		fo->changed = at;
	}
	fo->looks[fo->count++ % WINDOW] = look;
}

static double
rate(const struct look *from, const struct look *to)
{
	if (to->at <= from->at)
		return 0;
	return (double)(to->settled - from->settled) * 1000 /
	       (double)(to->at - from->at);
}

/* "1:02:03" */
static void
put_time_left(struct buf *b, double seconds)
{
	long long s = (long long)seconds;

	if (s >= 3600)
		buf_printf(
		    b, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else
		buf_printf(b, "%lld:%02lld", s / 60, s % 60);
}

/* Everybody who is to be settled. */
static long long
everybody(const struct report *r)
{
	return r->all.total + report_missing(r);
}

static void
put_counts(struct buf *b, const struct report *r, int count)
{
	static const char *const names[REPORT_STATES] = {" sent", " failed",
	    " deferred", " in doubt", " skipped", " in progress"};

	for (int i = 0; i < count; i++) {
		if (r->all.by[i] == 0 && i != REPORT_SENT)
			continue;
		buf_adds(b, i > 0 ? ", " : "");
		columns_group(b, r->all.by[i]);
		buf_adds(b, names[i]);
	}
}

static void
put_rates(struct buf *b, const struct follow *fo)
{
	const struct report *r = &fo->view->report;
	size_t last = fo->count - 1;
	const struct look *newest = &fo->looks[last % WINDOW];
	const struct look *oldest =
	    &fo->looks[fo->count > WINDOW ? fo->count % WINDOW : 0];
	double now = rate(oldest, newest), mean = rate(&fo->first, newest);
	long long left = everybody(r) - settled(r);

	buf_printf(b, "%.0f/s, mean %.0f/s", now, mean);
	if (r->planned >= 0 && left > 0 && now > 0) {
		buf_adds(b, ", ");
		put_time_left(b, (double)left / now);
		buf_adds(b, " left");
	}
}

/* "1,023 of 2,000: 1,000 sent, 23 failed", and the rates but at the end. */
static void
put_line(struct buf *b, const struct follow *fo, bool last)
{
	const struct report *r = &fo->view->report;

	columns_group(b, settled(r));
	if (r->planned >= 0) {
		buf_adds(b, " of ");
		columns_group(b, everybody(r));
	}
	buf_adds(b, ": ");
	put_counts(b, r, REPORT_STATES);
	if (last)
		return;
	buf_adds(b, "; ");
	put_rates(b, fo);
}

/* A bar takes what the words leave, and has a little at any rate. */
static size_t
bar_width(size_t width, size_t words)
{
	size_t left = width > words + 3 ? width - words - 3 : 0;

	if (left < BAR_LEAST)
		return width / 5 < BAR_LEAST ? width / 5 : BAR_LEAST;
	return left < BAR_MOST ? left : BAR_MOST;
}

/*
 * "[###    ] 12/s, mean 11/s, 1:23 left: 1,000 sent, 23 failed of 2,000": in a
 * narrow window what matters least is cut.
 */
static void
put_progress(struct buf *b, const struct follow *fo)
{
	struct report_style style = view_style();
	const struct report *r = &fo->view->report;
	struct buf text = {0}, bar = {0};
	size_t width = 0;

	put_rates(&text, fo);
	buf_adds(&text, ": ");
	put_counts(&text, r, REPORT_CLAIMED);
	if (r->planned > 0) {
		buf_adds(&text, " of ");
		columns_group(&text, everybody(r));
		width = bar_width(style.width, text.len);
		columns_bar(&bar, settled(r), everybody(r), width, style.ascii);
		buf_printf(b, "[%s%*s] ", buf_cstr(&bar),
		    (int)(width - utf8_columns(buf_str(&bar))), "");
		width += 3;
	}
	columns_clean(b, buf_str(&text), style.width - width, style.ascii);
	buf_free(&text);
	buf_free(&bar);
}

static bool
is_complete(const struct follow *fo, int64_t at)
{
	const struct report *r = &fo->view->report;

	if (r->all.by[REPORT_CLAIMED] > 0)
		return false;
	if (r->planned >= 0)
		return report_missing(r) == 0;
	return r->all.total > 0 && at - fo->changed >= IDLE_MS;
}

/* On a terminal a line that is written over. */
static int
show(const struct follow *fo, bool last)
{
	struct buf line = {0};
	int result;

	if (fo->terminal)
		buf_adds(&line, "\r\033[K");
	if (fo->terminal && !last) {
		put_progress(&line, fo);
	} else {
		put_line(&line, fo, last);
		buf_addc(&line, '\n');
	}
	result = filter_write_now(fo->view->out, buf_str(&line));
	buf_free(&line);
	return result;
}

/* A large ledger is looked at less often: a fifth of the time at most. */
static void
wait_a_while(const struct follow *fo, int64_t took)
{
	int64_t ms = fo->terminal || fo->count < 3 ? PAUSE_MS : LINES_MS;
	struct timespec t;

	if (took * 4 > ms)
		ms = took * 4;
	t.tv_sec = ms / 1000;
	t.tv_nsec = ms % 1000 * 1000000;
	nanosleep(&t, NULL);
}

static int
look(struct follow *fo, struct fail *f)
{
	int64_t at = now_ms();

	if (at - fo->recovered >= RECOVER_MS) {
		view_recover(fo->view);
		fo->recovered = now_ms();
	}
	arena_reset(fo->view->arena);
	if (ledger_read_report(fo->view->stats, fo->view->id, true,
		&fo->view->report, fo->view->arena, f) == -1)
		return -1;
	if (view_plan(fo->view, fo->count > 0, f) == -1)
		return -1;
	remember(fo, at);
	return 0;
}

/* A mailing that has not begun yet is waited for. */
int
view_follow(struct view *v, struct fail *f)
{
	struct follow fo = {.view = v,
	    .terminal = isatty(STDOUT_FILENO) != 0,
	    .recovered = now_ms()};

	for (;;) {
		int64_t at = now_ms();

		if (look(&fo, f) == -1)
			return -1;
		if (is_complete(&fo, at))
			break;
		if (show(&fo, false) == -1) {
			*f = (struct fail){0}; /* filter.c has reported it */
			return -1;
		}
		wait_a_while(&fo, now_ms() - at);
	}
	if (show(&fo, true) == -1) {
		*f = (struct fail){0};
		return -1;
	}
	return 0;
}
