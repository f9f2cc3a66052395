/* list, check and clear: the register of bounces. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/filter.h"
#include "base/json_put.h"
#include "base/num.h"
#include "base/program.h"
#include "bounce/bounce.h"
#include "bounce/bounce_store.h"
#include "mail/mime/addr.h"
#include "port/bounce/bounce_register.h"

struct edit {
	const char *db;
	int64_t since; /* ms before now, or -1 */
	struct options *o;
	struct store *store;
	struct filter *out;
	struct arena *arena;
};

typedef int edit_fn(struct edit *, struct fail *);

static int
run_edit(struct edit *e, struct options *o, int argc, char **argv,
    enum store_mode mode, edit_fn *fn)
{
	const char *path;
	struct fail f = {0};
	int status = program_options(o, argc, argv);

	if (status != -1)
		return status;
	e->o = o;
	e->out = filter_new(PROGRAM, NULL, 0);
	e->arena = arena_new();
	if (settings_need(o->settings, "BM_DB", &path, &f) < 0 ||
	    bounce_store_open(&e->store, path, mode, &f) < 0 || fn(e, &f) < 0)
		filter_raise(e->out, program_die(PROGRAM, &f));
	store_close(e->store);
	arena_free(e->arena);
	status = filter_finish(e->out);
	options_free(o);
	return status;
}

static struct str
or_null(struct str s)
{
	return s.n > 0 ? s : (struct str){0};
}

static int
print_row(void *ctx, enum suppression s, const struct bounce_row *row,
    long long count, struct fail *f)
{
	struct edit *e = ctx;
	struct buf b = {0}, at = {0};

	(void)f;
	num_rfc3339(&at, row->at);
	buf_addc(&b, '{');
	json_put(&b, "address", row->key);
	json_put(&b, "why", str_of(suppression_name(s)));
	json_put_int(&b, "bounces", count);
	json_put(&b, "email_id", or_null(row->email_id));
	json_put(&b, "by", row->proof);
	json_put(&b, "class", or_null(row->class));
	json_put(&b, "enhanced", or_null(row->enhanced));
	json_put(&b, "reply", or_null(row->reply));
	json_put(&b, "at", buf_str(&at));
	buf_adds(&b, "}\n");
	(void)filter_write(e->out, buf_str(&b));
	buf_free(&b);
	buf_free(&at);
	return 0;
}

static int
print_rows(struct edit *e, struct fail *f)
{
	return bounce_register_each(e->store->bounces, print_row, e, f);
}

static int
parse_key(struct edit *e, const char *text, struct str *key, struct fail *f)
{
	struct addr a;

	if (addr_parse(&a, str_of(text), ADDR_RESERVED, e->arena, f) < 0)
		return fail_system(f, "%s: %s", text, f->text);
	*key = a.key;
	return 0;
}

/* As bm-optout check: 1 if somebody is left out. */
static int
check_people(struct edit *e, struct fail *f)
{
	for (int i = 0; i < e->o->operand_count; i++) {
		enum suppression s;
		struct buf b = {0};
		struct str key = {0};

		if (parse_key(e, e->o->operands[i], &key, f) < 0 ||
		    bounce_register_check(e->store->bounces, key, &s, f) < 0)
			return -1;
		buf_addstr(&b, key);
		buf_printf(&b, ": %s\n",
		    s == SUPPRESSION_HARD   ? "left out, no such mailbox"
		    : s == SUPPRESSION_SOFT ? "left out, it keeps failing"
					    : "mailed");
		(void)filter_write(e->out, buf_str(&b));
		buf_free(&b);
		if (s != SUPPRESSION_NONE)
			filter_raise(e->out, 1);
	}
	return 0;
}

static int
clear_rows(struct edit *e, struct fail *f)
{
	int64_t now = clock_wall_ms();
	int64_t since = e->since >= 0 ? now - e->since : 0;
	long long count, sum = 0;
	struct str key = {0};
	int i = 0;

	if (e->o->operand_count == 0 && e->since < 0)
		return fail_system(f, "clear needs addresses, or --since TIME "
				      "for all that came since");
	do {
		if (i < e->o->operand_count &&
		    parse_key(e, e->o->operands[i], &key, f) < 0)
			return -1;
		if (bounce_register_clear(
			e->store->bounces, key, since, now, &count, f) < 0)
			return -1;
		sum += count;
	} while (++i < e->o->operand_count);
	program_note(
	    PROGRAM, "%lld bounce%s cleared", sum, sum == 1 ? "" : "s");
	return 0;
}

int
bounce_list(int argc, char **argv)
{
	struct edit e = {.since = -1};
	struct option_spec specs[] = {BOUNCE_STORE_OPTION(e.db), {0}};
	struct options o = {.program = PROGRAM,
	    .synopsis = "list [--db FILE]",
	    .purpose = "Print who is left out of the next mailings.",
	    .specs = specs};

	return run_edit(&e, &o, argc, argv, STORE_READ, print_rows);
}

int
bounce_check(int argc, char **argv)
{
	struct edit e = {.since = -1};
	struct option_spec specs[] = {BOUNCE_STORE_OPTION(e.db), {0}};
	struct options o = {.program = PROGRAM,
	    .synopsis = "check [--db FILE] ADDRESS...",
	    .purpose = "Tell whether people are left out for their bounces.",
	    .specs = specs,
	    .operands_min = 1,
	    .operands_max = -1};

	return run_edit(&e, &o, argc, argv, STORE_READ, check_people);
}

int
bounce_clear(int argc, char **argv)
{
	struct edit e = {.since = -1};
	struct option_spec specs[] = {
	    BOUNCE_STORE_OPTION(e.db),
	    OPTION_DURATION("since", 0, &e.since, "TIME", NULL, "d",
		"only what came in the last TIME"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "clear [--db FILE] [--since TIME] [ADDRESS...]",
	    .purpose = "Mail people again whose mail has bounced.",
	    .specs = specs,
	    .operands_max = -1};

	return run_edit(&e, &o, argc, argv, STORE_WRITE, clear_rows);
}
