/* Lines in, records out, failures on stderr; the status of bm.7. */
#ifndef BASE_FILTER_H
#define BASE_FILTER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

struct progress;
struct filter_record {
	const char *file;   /* "stdin" or the operand */
	unsigned long line; /* 0 if the failure concerns the whole file */
	struct str raw;     /* without newline; valid until the next record */
};

/* The files are borrowed operands ("-" is stdin); count 0 means stdin. */
struct filter *filter_new(const char *program, char **files, int count);

/* Write refused records to a file as NDJSON; NULL: do not. SYSTEM. */
int filter_open_rejects(struct filter *, const char *path, struct fail *);

/* Messages make room for the line of progress; and a message. */
void filter_set_progress(struct filter *, struct progress *);
void filter_note(struct filter *, const char *text);
/* Name the first 100 refused records on stderr; count the rest, at the end. */
void filter_name_few(struct filter *);
void filter_count_rest(struct filter *);
/*
 * 1 with the next record, 0 at the end, -1 (reported) if reading failed as
 * lines_next() says. The others are lines_ready() and lines_wait().
 */
int filter_next(struct filter *, struct filter_record *);
bool filter_ready(const struct filter *);
void filter_wait(const struct filter *, int other, int ms);
/* Append how many records were read and how many not. */
void filter_describe_input(const struct filter *, struct buf *);
/*
 * Report a failure of a record, or of no record (NULL), on stderr; DATA goes
 * to the rejects too. filter_put_aside() writes to the rejects only. False if
 * the caller must stop; the reason is reported, and the status is set.
 */
bool filter_report(struct filter *, const struct filter_record *,
    const char *stage, const char *class, const struct fail *);
bool filter_put_aside(struct filter *, const struct filter_record *,
    const char *stage, const char *class, const char *reason);
/* Write to stdout, buffered or by one write(2). -1 (reported) on failure. */
int filter_write(struct filter *, struct str);
int filter_write_now(struct filter *, struct str);
/* Make the exit status at least this one: 255 over 2 over 75 over 1. */
void filter_raise(struct filter *, int status);
/* Flush and close the output, free the filter, return the exit status. */
int filter_finish(struct filter *);
/* Turn each record into output; returns what filter_finish() returns. */
typedef int filter_fn(void *ctx, const struct filter_record *, struct arena *,
    struct buf *out, struct fail *);
int filter_run(struct filter *, const char *stage, filter_fn *, void *ctx);

#endif
