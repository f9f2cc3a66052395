/* bm-batch: cut a stream of records into durable batch files. */
#include <limits.h>

#include "base/filter.h"
#include "base/json.h"
#include "port/spool.h"

#define PROGRAM "bm-batch"

struct batch {
	const char *dir, *rejects;
	long long size;
	long long expect; /* -1: anything is right */
	bool null;

	struct filter *filter;
	long long count;
};

static int
published(void *ctx, const struct spool_batch *b, struct fail *f)
{
	struct batch *batch = ctx;
	struct buf line = {0};
	int result;

	buf_adds(&line, b->path);
	buf_addc(&line, batch->null ? '\0' : '\n');
	result = filter_write_now(batch->filter, buf_str(&line));
	buf_free(&line);
	*f = (struct fail){0}; /* filter.c has reported it */
	return result;
}

static int
give_up(struct batch *b, const struct fail *f)
{
	if (f->kind != FAIL_NONE)
		filter_raise(b->filter, filter_die(PROGRAM, f));
	return -1;
}

/* The records of all input; -1 when it could not be read to its end. */
static int
fill(struct batch *b, struct spool *spool, struct arena *arena, struct fail *f)
{
	struct filter_record r;
	struct json_object object;
	int more;

	while ((more = filter_next(b->filter, &r)) == 1) {
		arena_reset(arena);
		if (json_parse(&object, r.raw, arena, f) == -1) {
			if (!filter_report(
				b->filter, &r, "batch", "invalid", f))
				return -1;
			continue;
		}
		b->count++;
		if (spool_add(spool, r.raw, f) == -1)
			return give_up(b, f);
	}
	return more;
}

static int
finish(struct batch *b, struct spool *spool, struct fail *f)
{
	if (b->expect >= 0 && b->expect != b->count)
		fail_system(f,
		    "%lld records came, not the %lld expected: nothing is "
		    "published",
		    b->count, b->expect);
	else if (spool_finish(spool, f) == 0)
		return 0;
	return give_up(b, f);
}

static int
run(struct batch *b, struct options *o)
{
	struct spool_params params = {.dir = b->dir,
	    .size = b->size,
	    .hold = b->expect >= 0,
	    .published = published,
	    .ctx = b};
	struct arena *arena = arena_new();
	struct spool *spool = NULL;
	struct fail f = {0};

	b->filter = filter_new(PROGRAM, o->operands, o->operand_count);
	if (filter_rejects(b->filter, b->rejects, &f) == -1 ||
	    spool_open(&spool, &params, &f) == -1)
		give_up(b, &f);
	else if (fill(b, spool, arena, &f) == 0)
		finish(b, spool, &f);
	spool_close(spool);
	arena_free(arena);
	return filter_end(b->filter);
}

int
main(int argc, char **argv)
{
	struct batch b = {.expect = -1};
	struct option_spec specs[] = {
	    {"size", 'n', OPTION_NUMBER, &b.size, "N", "EMAILS_PER_TASK", 1,
		INT_MAX, "records in a batch"},
	    {"dir", 'd', OPTION_STRING, &b.dir, "DIR", NULL, 0, 0,
		"the folder of the batches; made if missing"},
	    {"null", '0', OPTION_FLAG, &b.null, NULL, NULL, 0, 0,
		"end each name with NUL, for xargs -0"},
	    {"expect", 0, OPTION_NUMBER, &b.expect, "N", NULL, 0, 0,
		"publish nothing unless exactly N records come"},
	    {"rejects", 0, OPTION_STRING, &b.rejects, "FILE", NULL, 0, 0,
		"write refused records to FILE"},
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "[-0] [-n N] [--expect N] --dir DIR [FILE...]",
	    .purpose = "Cut a stream of records into durable batch files and "
		       "print their names.",
	    .specs = specs,
	    .required = "dir",
	    .operands_max = -1};
	int status = filter_options(&o, argc, argv);

	if (status != -1)
		return status;
	if (b.dir == NULL)
		status = filter_die(
		    PROGRAM, &(struct fail){FAIL_SYSTEM, "--dir is missing"});
	else
		status = run(&b, &o);
	options_free(&o);
	return status;
}
