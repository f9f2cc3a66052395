/* filter: passes on the records of persons who are not opted out. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/program.h"
#include "mail/record/recipient.h"
#include "optout/optout.h"
#include "optout/subcommand.h"
#include "port/open/store_open_file.h"

struct pass {
	const char *db_path, *rejects;
	struct filter *filter;
	struct store *store;
	struct arena *arena;
};

/* 1 if the person may be mailed, 0 if opted out. */
static int
may_pass(struct pass *p, const struct filter_record *r, struct fail *f)
{
	struct recipient who;
	struct addr addr;
	bool out;

	if (recipient_parse(&who, r->raw, p->arena, f) < 0 ||
	    addr_parse(&addr, who.email, ADDR_RESERVED, p->arena, f) < 0 ||
	    optouts_check(p->store->optouts, who.course_id, who.user_id,
		addr.key, &out, f) < 0)
		return -1;
	return !out;
}

static int
pass_on(struct pass *p, const struct filter_record *r)
{
	struct buf line = {0};
	int rc;

	buf_addstr(&line, r->raw);
	buf_addc(&line, '\n');
	rc = filter_write(p->filter, buf_str(&line));
	buf_free(&line);
	return rc;
}

static void
pass_all(struct pass *p)
{
	struct filter_record r;
	struct fail f = {0};
	int rc;

	while (filter_next(p->filter, &r) == 1) {
		arena_reset(p->arena);
		rc = may_pass(p, &r, &f);
		if (rc == 1 && pass_on(p, &r) < 0)
			return;
		if (rc == 0 && !filter_put_aside(p->filter, &r, "optout",
				   "optout", "opted out"))
			return;
		if (rc < 0 &&
		    !filter_report(p->filter, &r, "optout", "invalid", &f))
			return;
	}
}

static int
run_filter(struct pass *p, struct options *o)
{
	struct fail f = {0};
	const char *path;

	p->filter = filter_new(PROGRAM, o->operands, o->operand_count);
	p->arena = arena_new();
	if (filter_open_rejects(p->filter, p->rejects, &f) < 0 ||
	    settings_need(o->settings, "BM_DB", &path, &f) < 0 ||
	    store_open_file(
		&p->store, path, STORE_READ, waiting_quiet(DB_WAIT_MS), &f) < 0)
		filter_raise(p->filter, program_die(PROGRAM, &f));
	else
		pass_all(p);
	store_close(p->store);
	arena_free(p->arena);
	return filter_finish(p->filter);
}

int
optout_filter(int argc, char **argv)
{
	struct pass p = {0};
	struct option_spec specs[] = {
	    DB_OPTION(p.db_path),
	    OPTION_TEXT("rejects", 0, &p.rejects, "FILE", NULL,
		"write what was held back to FILE"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "filter [--rejects FILE] [FILE...]",
	    .purpose = "Pass on the records of those who may be mailed.",
	    .specs = specs,
	    .operands_max = -1};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	status = run_filter(&p, &o);
	options_free(&o);
	return status;
}
