#include "base/progress.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/columns.h"
#include "base/program.h"
#include "base/screen.h"

#define PATIENCE_MS 2000 /* before the first line */
#define PAUSE_MS 500     /* between two lines of a terminal */
#define LINES_MS 2000    /* otherwise */

static bool
is_wanted(bool records)
{
	struct stat st;

	if (!screen_has_escapes(STDERR_FILENO))
		return false;
	if (fstat(STDOUT_FILENO, &st) < 0)
		return false;
	if (records)
		return S_ISREG(st.st_mode);
	return !S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode);
}

void
progress_init(struct progress *p, const char *program,
    const struct progress_options *o, bool records)
{
	*p = (struct progress){.program = program,
	    .on = !o->no && (o->yes || is_wanted(records)),
	    .terminal = screen_has_escapes(STDERR_FILENO),
	    .input = -1};
	p->begun = clock_mono_ms();
	p->next = o->yes ? p->begun : p->begun + PATIENCE_MS;
}

/* Only a file has a size; its position runs a little ahead of the records. */
static void
choose_total(const struct progress *p, long long *done, long long *total)
{
	struct stat st;
	off_t at;

	*done = p->done;
	*total = p->total;
	if (p->input < 0 || p->total > 0 || fstat(p->input, &st) < 0 ||
	    !S_ISREG(st.st_mode) || (at = lseek(p->input, 0, SEEK_CUR)) < 0)
		return;
	*done = at < st.st_size ? at : st.st_size;
	*total = st.st_size;
}

/* "52,000/s, mean 50,000/s, 0:12 left: 400,000 of 1,000,000 rows written" */
static void
put_state(struct buf *b, const struct progress *p, long long done,
    long long total, int64_t now)
{
	double rate = speed_rate(&p->bytes);

	if (p->done > 0) {
		speed_put_rates(b, &p->records);
		if (total > done && rate > 0) {
			buf_adds(b, ", ");
			speed_put_time(b, (double)(total - done) / rate);
			buf_adds(b, " left");
		}
		buf_adds(b, ": ");
		columns_group(b, p->done);
		if (p->total > 0) {
			buf_adds(b, " of ");
			columns_group(b, p->total);
		}
		buf_addc(b, ' ');
	} else {
		speed_put_time(b, (double)(now - p->begun) / 1000);
		buf_adds(b, ": ");
	}
	buf_adds(b, p->what);
}

static void
write_line(struct progress *p, int64_t now)
{
	struct buf words = {0}, line = {0};
	size_t width = screen_width(STDERR_FILENO), bar = 0;
	bool ascii = screen_is_ascii();
	long long done, total;
	ssize_t n;

	choose_total(p, &done, &total);
	speed_add(&p->records, now, p->done);
	speed_add(&p->bytes, now, done);
	put_state(&words, p, done, total, now);
	if (!p->terminal) {
		program_note_at(p->program, "", buf_cstr(&words));
	} else {
		buf_adds(&line, "\r\033[K");
		if (total > 0)
			bar = speed_put_bar(
			    &line, done, total, width - 1, words.len, ascii);
		columns_clean(&line, buf_str(&words), width - 1 - bar, ascii);
		n = write(STDERR_FILENO, line.p, line.len);
		(void)n;
		p->shown = true;
	}
	buf_free(&words);
	buf_free(&line);
}

void
progress_look(struct progress *p)
{
	int64_t now;

	if (!p->on || p->what == NULL || (now = clock_mono_ms()) < p->next)
		return;
	write_line(p, now);
	p->next = now + (p->terminal ? PAUSE_MS : LINES_MS);
}

void
progress_begin(struct progress *p, const char *what, long long total, int input)
{
	int64_t now = clock_mono_ms();

	p->what = what;
	p->done = 0;
	p->total = total;
	p->input = input;
	p->records = p->bytes = (struct speed){0};
	if (!p->on)
		return;
	speed_add(&p->records, now, 0);
	speed_add(&p->bytes, now, 0);
	progress_look(p);
}

void
progress_hide(struct progress *p)
{
	ssize_t n;

	if (p == NULL || !p->shown)
		return;
	n = write(STDERR_FILENO, "\r\033[K", 4);
	(void)n;
	p->shown = false;
}

void
progress_end(struct progress *p)
{
	progress_hide(p);
	p->what = NULL;
}
