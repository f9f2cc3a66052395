/*
 * The shape of a filter: newline-delimited records in, records out, failures
 * named on stderr with program, file and line, the exit status of bm.7.
 * With mem.c this is the only file in lib/ that prints.
 */
#ifndef BASE_FILTER_H
#define BASE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/options.h"
#include "base/program.h"

struct filter_record {
	const char *file;   /* "stdin" or the operand */
	unsigned long line; /* 0: file says it all */
	struct str raw;     /* without the newline; valid until the next one */
};

struct filter;

/* files: operands ("-" is stdin); count 0 means stdin. Borrowed. */
struct filter *filter_new(const char *program, char **files, int count);

/* Where refused records go as NDJSON; opened now. NULL means nowhere. */
int filter_open_rejects(struct filter *, const char *path, struct fail *);

/*
 * 1 with the next record, 0 at the end of all input, -1 when reading failed
 * (reported already; filter_finish() will give 2). A last line without newline
 * and a line over LINES_MAX (base/lines.h) are read failures: half a record is
 * none.
 */
int filter_next(struct filter *, struct filter_record *);

/* false when filter_next() might have to wait for input to come. */
bool filter_ready(const struct filter *);

/* Wait for that, or for other (-1: none) to be readable, at most ms. */
void filter_wait(const struct filter *, int other, int ms);

/*
 * Report a failure that concerns the current record: "PROGRAM: FILE:LINE:
 * reason" on stderr. DATA is counted and written to the rejects with stage,
 * class and the identity found in the record; anything else makes the final
 * status that of the failure. Returns true when the caller may go on.
 */
bool filter_report(struct filter *, const struct filter_record *,
    const char *stage, const char *class, const struct fail *);

/*
 * To the rejects alone, silently and without effect on the status: a record
 * that was well handled by being held back. False when they cannot be written
 * (reported already).
 */
bool filter_put_aside(struct filter *, const struct filter_record *,
    const char *stage, const char *class, const char *reason);

/* Write to stdout. -1 (reported already) when it cannot be written. */
int filter_write(struct filter *, struct str);     /* buffered */
int filter_write_now(struct filter *, struct str); /* one write(2) */

/* A final status of at least this severity: 2 before 75 before 1. */
void filter_raise(struct filter *, int status);

/* Flush and close stdout and rejects, free, give the exit status. */
int filter_finish(struct filter *);

/* The loop for programs of one record in, any bytes out. */
typedef int filter_fn(void *ctx, const struct filter_record *, struct arena *,
    struct buf *out, struct fail *);
int filter_run(struct filter *, const char *stage, filter_fn *, void *ctx);

#endif
