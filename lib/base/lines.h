/*
 * Reads several files line by line, in large pieces and without copying. A
 * last line without its newline is an error, never a line.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

#define LINES_MAX (64 * 1024 * 1024) /* bytes in one line */

struct lines;

struct line {
	const char *file; /* "stdin" or the file's name */
	unsigned long number;
	struct str text; /* without newline; valid until the next line */
};

/*
 * Called before a read that would block, for example to flush the output; -1
 * ends the reading.
 */
typedef int lines_wait_fn(void *ctx, struct fail *);

/* The names are borrowed; "-" is stdin; count 0 means stdin. */
struct lines *lines_new(char **files, int count, lines_wait_fn *, void *ctx);
void lines_free(struct lines *);

/*
 * 1 with the next line, 0 at the end of all files. -1 with SYSTEM, naming the
 * file, for a read error, a last line without newline, or a line over
 * LINES_MAX; or with the failure of the wait function.
 */
int lines_next(struct lines *, struct line *, struct fail *);

/* True if lines_next() will not block now. */
bool lines_ready(const struct lines *);

/*
 * Wait at most ms milliseconds until lines_next() will not block or another
 * descriptor (-1: none) is readable.
 */
void lines_wait(const struct lines *, int other, int ms);

/*
 * The number of lines that are left, and how far that is known: a pipe, and
 * what cannot be read, are not counted. Reading goes on as before.
 */
long long lines_left(const struct lines *, bool *known);

#endif
