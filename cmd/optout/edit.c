/* add and remove: rows that an operator writes into the register. */
#include "base/clock.h"
#include "base/program.h"
#include "optout/optout.h"
#include "optout/subcommand.h"

struct edit {
	const char *db, *course, *user_id, *reason;
	bool bounce, person_asked;
};

typedef int edit_fn(struct subcommand *, struct edit *,
    const struct subcommand_person *, const struct optout *, struct fail *);

/* Edits each operand; a bad one is reported and does not stop the others. */
static int
edit_operands(struct subcommand *s, struct edit *e, edit_fn *fn, struct fail *f)
{
	struct subcommand_person who;
	struct str scope;

	if (subcommand_scope(e->course, &scope, f) < 0 ||
	    subcommand_check_text("--reason", e->reason, f) < 0)
		return -1;
	for (int i = 0; i < s->o->operand_count; i++) {
		struct optout row = {.course_id = scope,
		    .source = e->bounce ? STR("bounce") : STR("operator"),
		    .reason = str_of(e->reason),
		    .at = clock_wall_ms()};

		if (subcommand_find_person(
			s, s->o->operands[i], e->user_id, &who, f) == 0) {
			row.user_id = who.user_id;
			row.key = who.addr.key;
			if (fn(s, e, &who, &row, f) == 0)
				continue;
		}
		if (f->kind != FAIL_DATA)
			return -1;
		filter_raise(s->out, program_die(PROGRAM, f));
	}
	return 0;
}

static int
add_one(struct subcommand *s, struct edit *e,
    const struct subcommand_person *who, const struct optout *row,
    struct fail *f)
{
	struct optout out = *row;
	bool added;

	(void)e;
	out.out = true;
	if (optouts_add(s->db, &out, &added, f) < 0)
		return -1;
	if (!added)
		program_note(PROGRAM, "%.*s was opted out already",
		    (int)who->addr.key.n, who->addr.key.p);
	return 0;
}

static int
add_all(struct subcommand *s, void *ctx, struct fail *f)
{
	return edit_operands(s, ctx, add_one, f);
}

int
optout_add(int argc, char **argv)
{
	struct edit e = {0};
	struct option_spec specs[] = {
	    DB_OPTION(e.db),
	    OPTION_TEXT("course", 0, &e.course, "ID", NULL,
		"stop this course's mail only; else all mail"),
	    OPTION_TEXT("user-id", 0, &e.user_id, "ID", NULL,
		"the person's user id; looked up when not given"),
	    OPTION_TEXT(
		"reason", 0, &e.reason, "TEXT", NULL, "why, for the history"),
	    OPTION_FLAG("bounce", 0, &e.bounce,
		"the address does not work: no wish of the person"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "add [--course ID] [OPTION...] ADDRESS...",
	    .purpose = "Enter people into the register: no more mail.",
	    .specs = specs,
	    .operands_min = 1,
	    .operands_max = -1};

	return subcommand_run(&o, argc, argv, DB_WRITE, add_all, &e);
}

static int
remove_one(struct subcommand *s, struct edit *e,
    const struct subcommand_person *who, const struct optout *row,
    struct fail *f)
{
	long long count;

	if (optouts_restore(s->db, row, e->person_asked, &count, f) < 0)
		return fail_prefix(
		    f, "%.*s", (int)who->addr.key.n, who->addr.key.p);
	if (count == 0)
		program_note(PROGRAM, "%.*s was not opted out",
		    (int)who->addr.key.n, who->addr.key.p);
	return 0;
}

static int
remove_all(struct subcommand *s, void *ctx, struct fail *f)
{
	return edit_operands(s, ctx, remove_one, f);
}

int
optout_remove(int argc, char **argv)
{
	struct edit e = {0};
	struct option_spec specs[] = {
	    DB_OPTION(e.db),
	    OPTION_TEXT("course", 0, &e.course, "ID", NULL,
		"what stands against this course's mail; else against all"),
	    OPTION_TEXT("user-id", 0, &e.user_id, "ID", NULL,
		"the person's user id; looked up when not given"),
	    OPTION_TEXT(
		"reason", 0, &e.reason, "TEXT", NULL, "why, for the history"),
	    OPTION_FLAG("person-asked", 0, &e.person_asked,
		"take back an own opt-out, since the person asked for it"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "remove [--course ID] [--person-asked] --reason TEXT "
			"ADDRESS...",
	    .purpose = "Take people out of the register: they get mail again.",
	    .specs = specs,
	    .required = "reason",
	    .operands_min = 1,
	    .operands_max = -1};

	return subcommand_run(&o, argc, argv, DB_WRITE, remove_all, &e);
}
