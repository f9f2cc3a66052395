/*
 * Records read line by line from several files, in big pieces and without a
 * copy. Half a line is no record.
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
	struct str text; /* without the newline; valid until the next one */
};

/* Called before a read that would wait, so that output need not wait too. */
typedef int lines_wait_fn(void *ctx, struct fail *);

/* files are borrowed; "-" is stdin; count 0 means stdin. */
struct lines *lines_new(char **files, int count, lines_wait_fn *, void *ctx);
void lines_free(struct lines *);

/*
 * 1 with the next line, 0 at the end of all files. -1 with SYSTEM, naming the
 * file, for a read error, a last line without newline, or a line over
 * LINES_MAX; or with what the wait function said.
 */
int lines_next(struct lines *, struct line *, struct fail *);

/* lines_next() will not wait now. */
bool lines_ready(const struct lines *);

/* Wait for that, or for other (-1: none) to be readable, at most ms. */
void lines_wait(const struct lines *, int other, int ms);

#endif
