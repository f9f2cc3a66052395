#include "report/view_follow.h"

#include <poll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/columns.h"
#include "base/screen.h"
#include "base/signals.h"
#include "base/speed.h"
#include "report/terminal.h"

#define PAUSE_MS 500     /* between two looks if stdout is a terminal */
#define LINES_MS 2000    /* otherwise, from the fourth look on */
#define IDLE_MS 10000    /* complete without a plan if unchanged so long */
#define DEFERRED_MS 2000 /* the same with a plan, if some are deferred */
#define RECOVER_MS 5000  /* between two folds of crashed senders' journals */

/* Times are ms of clock_mono_ms(). */
struct follow {
	struct view *view;
	bool terminal;      /* each line replaces the one before */
	int signals;        /* signals_open() */
	int64_t changed;    /* the look that last changed a number */
	int64_t recovered;  /* the last view_recover() */
	struct speed speed; /* a look is a reading of the ledgers */
};

static long long
count_settled(const struct report *r)
{
	return r->all.total - r->all.by[REPORT_CLAIMED];
}

static void
add_look(struct follow *fo, int64_t at)
{
	long long settled = count_settled(&fo->view->report);

	if (fo->speed.count == 0 || speed_done(&fo->speed) != settled)
		fo->changed = at;
	speed_add(&fo->speed, at, settled);
}

/* Recipients, settled or not, of the ledgers and the plan. */
static long long
count_recipients(const struct report *r)
{
	return r->all.total + report_missing(r);
}

static void
put_counts(struct buf *b, const struct report *r, int count)
{
	for (int i = 0; i < count; i++) {
		if (r->all.by[i] == 0 && i != REPORT_SENT)
			continue;
		buf_adds(b, i > 0 ? ", " : "");
		columns_group(b, r->all.by[i]);
		buf_addc(b, ' ');
		buf_adds(b, report_state_label((enum report_state)i));
	}
}

static void
put_rates(struct buf *b, const struct follow *fo)
{
	const struct report *r = &fo->view->report;
	long long left = count_recipients(r) - count_settled(r);
	double rate = speed_rate(&fo->speed);

	speed_put_rates(b, &fo->speed);
	if (r->planned >= 0 && left > 0 && rate > 0) {
		buf_adds(b, ", ");
		speed_put_time(b, (double)left / rate);
		buf_adds(b, " left");
	}
}

/* "1,023 of 2,000: 1,000 sent, 23 failed"; rates except in the last line. */
static void
put_plain_line(struct buf *b, const struct follow *fo, bool last)
{
	const struct report *r = &fo->view->report;

	columns_group(b, count_settled(r));
	if (r->planned >= 0) {
		buf_adds(b, " of ");
		columns_group(b, count_recipients(r));
	}
	buf_adds(b, ": ");
	put_counts(b, r, REPORT_STATES);
	if (last)
		return;
	buf_adds(b, "; ");
	put_rates(b, fo);
}

/*
 * "[###    ] 12/s, mean 11/s, 1:23 left: 1,000 sent, 23 failed of 2,000". A
 * narrow window cuts its end, so the order is that of importance.
 */
static void
put_progress(struct buf *b, const struct follow *fo)
{
	struct report_style style = terminal_style();
	const struct report *r = &fo->view->report;
	struct buf text = {0};
	size_t width = 0;

	put_rates(&text, fo);
	buf_adds(&text, ": ");
	put_counts(&text, r, REPORT_CLAIMED);
	if (r->planned > 0) {
		buf_adds(&text, " of ");
		columns_group(&text, count_recipients(r));
		width = speed_put_bar(b, count_settled(r), count_recipients(r),
		    style.width, text.len, style.ascii);
	}
	columns_clean(b, buf_str(&text), style.width - width, style.ascii);
	buf_free(&text);
}

/* Deferred recipients may be just about to be claimed again. */
static bool
is_complete(const struct follow *fo, int64_t at)
{
	const struct report *r = &fo->view->report;
	int64_t idle = at - fo->changed;

	if (r->all.by[REPORT_CLAIMED] > 0)
		return false;
	if (r->planned < 0)
		return r->all.total > 0 && idle >= IDLE_MS;
	return report_missing(r) == 0 &&
	       (r->all.by[REPORT_DEFERRED] == 0 || idle >= DEFERRED_MS);
}

/* On a terminal the line replaces the one before. */
static int
write_progress(const struct follow *fo, bool last, struct fail *f)
{
	struct buf line = {0};
	int result;

	if (fo->terminal)
		buf_adds(&line, "\r\033[K");
	if (fo->terminal && !last) {
		put_progress(&line, fo);
	} else {
		put_plain_line(&line, fo, last);
		buf_addc(&line, '\n');
	}
	*f = (struct fail){0}; /* filter.c reports its failure */
	result = filter_write_now(fo->view->out, buf_str(&line));
	buf_free(&line);
	return result;
}

/* Reading a large ledger takes at most a fifth of the time. False: a signal. */
static bool
wait_for_next_look(const struct follow *fo, int64_t took)
{
	int64_t ms = fo->terminal || fo->speed.count < 3 ? PAUSE_MS : LINES_MS;
	struct pollfd p = {.fd = fo->signals, .events = POLLIN};

	if (took * 4 > ms)
		ms = took * 4;
	poll(&p, 1, (int)ms);
	return !signals_read(fo->signals);
}

static int
read_ledgers(struct follow *fo, struct fail *f)
{
	int64_t at = clock_mono_ms();

	if (at - fo->recovered >= RECOVER_MS) {
		view_recover(fo->view);
		fo->recovered = clock_mono_ms();
	}
	arena_reset(fo->view->report_arena);
	if (ledger_read_report(&fo->view->ledgers, fo->view->id, true,
		&fo->view->report, fo->view->report_arena, f) < 0)
		return -1;
	if (view_plan(fo->view, fo->speed.count > 0, f) < 0)
		return -1;
	add_look(fo, at);
	return 0;
}

int
view_follow(struct view *v, struct fail *f)
{
	struct follow fo = {.view = v,
	    .terminal = screen_has_escapes(STDOUT_FILENO),
	    .recovered = clock_mono_ms(),
	    .signals = signals_open(f)};
	bool stopped = false;

	if (fo.signals < 0)
		return -1;
	for (;;) {
		int64_t at = clock_mono_ms();

		if (read_ledgers(&fo, f) < 0)
			return -1;
		if (stopped || is_complete(&fo, at))
			break;
		if (write_progress(&fo, false, f) < 0)
			return -1;
		stopped = !wait_for_next_look(&fo, clock_mono_ms() - at);
	}
	return write_progress(&fo, true, f);
}
