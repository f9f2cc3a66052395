/* bm-batch: cuts a stream of records into durable batch files. */
#include <limits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/filter.h"
#include "base/json.h"
#include "base/options.h"
#include "base/program.h"
#include "base/range.h"
#include "base/utf8.h"
#include "batch/batch_approve.h"
#include "mail/mime/addr.h"
#include "mail/record/plan_keys.h"
#include "mail/record/planner.h"
#include "port/open/store_open_file.h"
#include "port/send/spool.h"

#define PROGRAM "bm-batch"

static const struct option_rule rules[] = {
    {OPTION_RULE_ALONE, "approve", "db"},
    {OPTION_RULE_NEEDS, "db", "approve"},
    {0},
};

struct batch {
	const char *dir, *rejects, *plan, *approve, *db;
	long long size;
	const char *expect; /* NULL: any number of records */
	struct range range;
	bool null;

	struct filter *filter;
	struct planner *planner; /* NULL without --write-plan */
	struct spool *spool;
	long long count; /* records accepted */
};

static int
plan_batch(void *ctx, const struct spool_batch *b, struct fail *f)
{
	struct batch *batch = ctx;

	(void)f;
	if (batch->planner != NULL)
		planner_add_batch(batch->planner, b->name, b->count, b->sha256);
	return 0;
}

static int
print_batch(void *ctx, const struct spool_batch *b, struct fail *f)
{
	struct batch *batch = ctx;
	struct buf line = {0};
	int result;

	buf_adds(&line, b->path);
	buf_addc(&line, batch->null ? '\0' : '\n');
	result = filter_write_now(batch->filter, buf_str(&line));
	buf_free(&line);
	*f = (struct fail){0}; /* filter_write_now() has reported it */
	return result;
}

/* Report a failure, unless it is reported already. */
static int
give_up(struct batch *b, const struct fail *f)
{
	if (f->kind != FAIL_NONE)
		filter_raise(b->filter, program_die(PROGRAM, f));
	return -1;
}

static int
add_record(struct batch *b, const struct filter_record *r, struct arena *arena,
    struct fail *f)
{
	struct json_object object;

	if (json_parse(&object, r->raw, arena, f) < 0)
		return -1;
	if (b->planner != NULL &&
	    planner_add(b->planner, &object, arena, f) < 0)
		return f->kind == FAIL_DATA
			   ? -1
			   : fail_prefix(f, "%s:%lu", r->file, r->line);
	b->count++;
	return spool_add(b->spool, r->raw, f);
}

/* Read all input; -1 (reported) if its end is not reached. */
static int
read_records(struct batch *b, struct arena *arena, struct fail *f)
{
	struct filter_record r;
	int more;

	while ((more = filter_next(b->filter, &r)) == 1) {
		arena_reset(arena);
		if (add_record(b, &r, arena, f) == 0)
			continue;
		if (f->kind != FAIL_DATA)
			return give_up(b, f);
		if (!filter_report(b->filter, &r, "batch", "invalid", f))
			return -1;
	}
	return more;
}

/* The keys go beside the plan if that is a file. */
static int
write_keys(const struct batch *b, struct str keys, struct fail *f)
{
	struct buf path = {0};
	int result;

	if (file_is_special(b->plan))
		return 0;
	buf_printf(&path, "%s" PLAN_KEYS, b->plan);
	result = file_replace_private(buf_cstr(&path), keys, f);
	buf_free(&path);
	return result;
}

static int
write_plan(struct batch *b, struct fail *f)
{
	struct buf plan = {0}, keys = {0};
	int result;

	planner_finish(b->planner, &plan, &keys);
	result = write_keys(b, buf_str(&keys), f);
	if (result == 0)
		result = file_replace(b->plan, buf_str(&plan), f);
	buf_free(&plan);
	buf_free(&keys);
	return result;
}

/* Write the plan first: a sender finds it as soon as it knows a batch. */
static int
publish_batches(struct batch *b, struct fail *f)
{
	if (b->expect != NULL && !range_has(&b->range, b->count)) {
		fail_system(f,
		    "%lld records came, not the %s expected: nothing is "
		    "published",
		    b->count, b->expect);
		return give_up(b, f);
	}
	/* Most likely an earlier program of the pipeline has failed. */
	if (b->count == 0)
		return 0;
	if (spool_seal(b->spool, f) < 0 ||
	    (b->planner != NULL && write_plan(b, f) < 0) ||
	    spool_finish(b->spool, f) < 0)
		return give_up(b, f);
	return 0;
}

static int
open_spool(struct batch *b, const struct options *o, struct fail *f)
{
	struct spool_params params = {.dir = b->dir,
	    .size = b->size,
	    .hold = b->expect != NULL || b->plan != NULL,
	    .written = plan_batch,
	    .published = print_batch,
	    .ctx = b};
	bool reserved;

	if (b->dir == NULL || b->dir[0] == '\0')
		return fail_system(
		    f, "--dir is %s", b->dir == NULL ? "missing" : "empty");
	if (settings_bool(o->settings, "BM_ALLOW_RESERVED", &reserved, f) < 0)
		return -1;
	if (b->expect != NULL &&
	    range_parse(&b->range, str_of(b->expect), f) < 0)
		return fail_prefix(f, "--expect");
	if (b->plan != NULL)
		b->planner =
		    planner_new(reserved ? ADDR_RESERVED : ADDR_STRICT);
	if (filter_open_rejects(b->filter, b->rejects, f) < 0)
		return -1;
	return spool_open(&b->spool, &params, f);
}

static int
run_batch(struct batch *b, struct options *o)
{
	struct arena *arena = arena_new();
	struct fail f = {0};

	b->filter = filter_new(PROGRAM, o->operands, o->operand_count);
	if (open_spool(b, o, &f) < 0)
		give_up(b, &f);
	else if (read_records(b, arena, &f) == 0)
		publish_batches(b, &f);
	spool_close(b->spool);
	planner_free(b->planner);
	arena_free(arena);
	return filter_finish(b->filter);
}

static void
put_libraries(struct buf *b)
{
	crypto_library(b);
	utf8_library(b);
	addr_library(b);
	store_open_file_library(b);
}

int
main(int argc, char **argv)
{
	struct batch b = {0};
	struct option_spec specs[] = {
	    OPTION_NUMBER("size", 'n', &b.size, "N", "EMAILS_PER_TASK", 1,
		INT_MAX, "records in a batch"),
	    OPTION_TEXT("dir", 'd', &b.dir, "DIR", NULL,
		"the folder of the batches; made if missing"),
	    OPTION_FLAG(
		"null", '0', &b.null, "end each name with NUL, for xargs -0"),
	    OPTION_TEXT("expect", 0, &b.expect, "N|A..B", NULL,
		"publish nothing if more or fewer records come"),
	    OPTION_TEXT("write-plan", 0, &b.plan, "FILE", NULL,
		"write what is to be sent to FILE, and publish then"),
	    OPTION_TEXT("approve", 0, &b.approve, "PLAN", NULL,
		"store who approves this plan, and when"),
	    OPTION_TEXT(
		"db", 0, &b.db, "FILE", "BM_DB", "the database, for --approve"),
	    OPTION_TEXT("rejects", 0, &b.rejects, "FILE", NULL,
		"write refused records to FILE"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .versions = put_libraries,
	    .synopsis = "[-0] [-n N] [--expect N] [--write-plan FILE] "
			"--dir DIR [FILE...]\n"
			"--approve PLAN",
	    .purpose = "Cut a stream of records into durable batch files and "
		       "print their names.",
	    .specs = specs,
	    .rules = rules,
	    .operands_max = -1};
	int status = program_options(&o, argc, argv);

	if (status >= 0)
		return status;
	status = b.approve != NULL
		     ? batch_approve(PROGRAM, b.approve, o.settings)
		     : run_batch(&b, &o);
	options_free(&o);
	return status;
}
