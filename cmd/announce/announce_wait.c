#include <sys/file.h>
#include <unistd.h>

#include "announce/announce_run.h"
#include "base/clock.h"
#include "base/columns.h"
#include "base/file.h"
#include "base/program.h"
#include "base/screen.h"

#define COUNT_MS 1000 /* between two lines of the countdown */
#define IDLE_ROUNDS 2 /* that send nobody */

/* "1:02:03" */
static void
put_time_to(struct buf *b, int64_t ms)
{
	long long s = (ms + 999) / 1000;

	if (s >= 3600)
		buf_printf(
		    b, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else
		buf_printf(b, "%lld:%02lld", s / 60, s % 60);
}

static bool
is_watched(const struct announce *a)
{
	return !a->args->quiet && isatty(STDERR_FILENO);
}

/*
 * The line replaces the one before; nothing takes it away at the end. One that
 * the terminal wraps could not be replaced.
 */
static void
show_countdown(const struct report *r, int64_t left)
{
	struct buf b = {0}, text = {0};

	buf_adds(&b, "\r\033[K");
	if (left > 0) {
		buf_printf(&text, "%lld put off, the next try in ",
		    r->all.by[REPORT_DEFERRED]);
		put_time_to(&text, left);
		buf_adds(&text, " (Ctrl-C ends the wait)");
	}
	columns_clean(
	    &b, buf_str(&text), screen_width(STDERR_FILENO) - 1, true);
	file_write(STDERR_FILENO, buf_str(&b));
	buf_free(&text);
	buf_free(&b);
}

/* False: a signal has come. */
static bool
wait_until(struct announce *a, const struct report *r)
{
	bool counts = is_watched(a) && screen_has_escapes(STDERR_FILENO);

	if (!counts && !a->args->quiet)
		announce_end_next(r);
	while (!a->stopped) {
		int64_t left = r->next_first - clock_wall_ms();

		if (counts)
			show_countdown(r, left);
		if (left <= 0)
			break;
		process_wait(NULL, 0, a->signals,
		    left < COUNT_MS ? (int)left : COUNT_MS, &a->stopped);
	}
	if (counts)
		show_countdown(r, 0);
	return !a->stopped;
}

/* While it waits another may work on the mailing, or hold it. */
static bool
may_go_on(struct announce *a)
{
	struct report r;

	if (announce_folder_lock(a) != 0)
		return false;
	if (a->end != 0 && a->end <= clock_wall_ms()) {
		program_note(
		    PROGRAM, "--not-after: %s is over", a->args->not_after);
		return false;
	}
	announce_end_count(a, &r);
	if (r.is_stopped)
		program_note(
		    PROGRAM, "%s is %.*s", a->id, (int)r.state.n, r.state.p);
	return !r.is_stopped;
}

static bool
wait_for_try(struct announce *a, const struct report *r)
{
	int64_t most = a->args->wait;

	if (most < 0)
		most = is_watched(a) && !a->args->no_wait ? ANNOUNCE_ARGS_WAIT
							  : -1;
	if (most < 0 || r->is_stopped || r->next_first == 0 ||
	    r->next_first - clock_wall_ms() > most)
		return false;
	flock(a->lock, LOCK_UN);
	return wait_until(a, r) && may_go_on(a);
}

static void
tell_how_to_stop(struct announce *a)
{
	const struct process_words w =
	    announce_words(a, "bm-send", "db", "--hold", a->id, NULL);
	struct buf b = {0};

	if (is_watched(a)) {
		process_put(&b, &w);
		program_note(PROGRAM,
		    "Ctrl-C stops it, and the same command goes on; from "
		    "elsewhere: %s (--release goes on, --cancel ends it for "
		    "good)",
		    buf_cstr(&b));
	}
	buf_free(&b);
}

int
announce_rounds(struct announce *a)
{
	struct report before, after;
	int status, idle = 0;

	tell_how_to_stop(a);
	announce_end_count(a, &before);
	for (;;) {
		status = announce_end_status(a, announce_send(a));
		if (status != 75 || a->stopped)
			break;
		announce_end_count(a, &after);
		if (after.all.by[REPORT_SENT] > before.all.by[REPORT_SENT])
			idle = 0;
		else if (++idle == IDLE_ROUNDS)
			break;
		if (!wait_for_try(a, &after))
			break;
		before = after;
	}
	return announce_end(a, status, NULL);
}
