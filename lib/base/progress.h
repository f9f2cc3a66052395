/*
 * Progress of long work, on stderr: a line with rate, bar and time left that a
 * terminal overwrites, from the third second on.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include "base/option.h"
#include "base/speed.h"

#define PROGRESS_RECORDS 16 /* between two looks at the clock */

struct progress {
	const char *program;
	bool on, terminal;
	int64_t begun, next;   /* ms of clock_mono_ms() */
	bool shown;            /* a line is on the terminal */
	const char *what;      /* of the present part of the work */
	long long done, total; /* total 0: nobody knows */
	int input;             /* the file that is read, for the bar; or -1 */
	struct speed records, bytes;
};

/* --progress and --no-progress. */
struct progress_options {
	bool yes, no;
};
#define PROGRESS_OPTIONS(o)                                 \
	OPTION_FLAG("progress", 0, &(o).yes,                \
	    "tell on stderr how far the work is, at once"), \
	    OPTION_FLAG("no-progress", 0, &(o).no, "tell nothing of that")

/*
 * Without the options progress is shown if stderr is a terminal and stdout is
 * no pipe; a program whose records go to stdout needs a file there.
 */
void progress_init(struct progress *, const char *program,
    const struct progress_options *, bool records);

/* A part of the work begins: "people written" of so many, or of the file. */
void progress_begin(
    struct progress *, const char *what, long long total, int input);
void progress_end(struct progress *); /* the line goes away */

/* Before anything else is written to the terminal: the line goes away. */
void progress_hide(struct progress *);

/* Show the line if its time has come. */
void progress_look(struct progress *);

/* So many records more are done. */
static inline void
progress_add(struct progress *p, long long n)
{
	p->done += n;
	if (p->on && (n > 1 || p->done % PROGRESS_RECORDS == 0))
		progress_look(p);
}

#endif
