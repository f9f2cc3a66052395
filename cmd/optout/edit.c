/* add and remove: rows that an operator writes into the register. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/program.h"
#include "optout/optout.h"
#include "optout/person.h"
#include "optout/scope.h"
#include "port/roster/roster_lookup.h"

#define QUIET_OPTION(variable) \
	OPTION_FLAG("quiet", 'q', &(variable), "say nothing of what went well")

struct edit {
	const char *db, *course, *user_id, *reason;
	bool bounce, person_asked, force, quiet;
	struct buf mail; /* that the edit is about: "mail of Computing 101" */
};

typedef int edit_fn(struct subcommand *, struct edit *, const struct person *,
    const struct optout *, struct fail *);

/* Finds the scope, and names it for messages. */
static int
find_scope(struct subcommand *s, struct edit *e, enum scope_use use,
    struct str *scope, struct fail *f)
{
	struct str title;

	if (scope_find(s, e->course, use, e->force, scope, f) < 0 ||
	    roster_lookup_course(s->db, *scope, &title, s->arena, f) < 0)
		return -1;
	buf_adds(&e->mail, "mail");
	if (!str_is(*scope, ALL_MAIL))
		buf_printf(&e->mail, " of %.*s", (int)title.n, title.p);
	return 0;
}

/* A line about person and mail; scripts may ask for silence. */
static void
tell_edit(const struct edit *e, const struct person *who, const char *before,
    const char *behind, const char *note)
{
	struct buf user = {0};

	person_put_user(&user, who);
	if (!e->quiet)
		program_note(PROGRAM, "%.*s%s%.*s%s%s%s", (int)who->key.n,
		    who->key.p, before, (int)e->mail.len, e->mail.p, behind,
		    buf_cstr(&user), note);
	buf_free(&user);
	if (who->owner.n > 0)
		program_note(PROGRAM,
		    "%.*s: the roster has this address for user %.*s",
		    (int)who->key.n, who->key.p, (int)who->owner.n,
		    who->owner.p);
}

/* Edits each operand; a bad one is reported and does not stop the others. */
static int
edit_operands(struct subcommand *s, struct edit *e, struct str scope,
    edit_fn *fn, struct fail *f)
{
	struct person who;

	if (subcommand_check_text("--reason", e->reason, f) < 0)
		return -1;
	for (int i = 0; i < s->o->operand_count; i++) {
		struct optout row = {.course_id = scope,
		    .source = e->bounce ? STR("bounce") : STR("operator"),
		    .reason = str_of(e->reason),
		    .at = clock_wall_ms()};

		if (person_find(s, s->o->operands[i], e->user_id, &who, f) ==
		    0) {
			row.user_id = who.user_id;
			row.key = who.key;
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
edit_all(struct subcommand *s, struct edit *e, enum scope_use use, edit_fn *fn,
    struct fail *f)
{
	struct str scope;
	int rc = find_scope(s, e, use, &scope, f);

	if (rc == 0)
		rc = edit_operands(s, e, scope, fn, f);
	buf_free(&e->mail);
	return rc;
}

static int
add_one(struct subcommand *s, struct edit *e, const struct person *who,
    const struct optout *row, struct fail *f)
{
	struct optout out = *row;
	bool added;

	out.out = true;
	if (optouts_add(s->store->optouts, &out, &added, f) < 0)
		return -1;
	tell_edit(e, who, added ? ": no more " : " was opted out already: no ",
	    "", "");
	return person_note_unknown(s, who, true, f);
}

static int
add_all(struct subcommand *s, void *ctx, struct fail *f)
{
	return edit_all(s, ctx, SCOPE_ENTER, add_one, f);
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
	    SCOPE_FORCE_OPTION(e.force),
	    QUIET_OPTION(e.quiet),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "add [--course ID] [OPTION...] ADDRESS|user:NAME...",
	    .purpose = "Enter people into the register: no more mail.",
	    .specs = specs,
	    .operands_min = 1,
	    .operands_max = -1};

	return subcommand_run(&o, argc, argv, DB_WRITE, add_all, &e);
}

static int
remove_one(struct subcommand *s, struct edit *e, const struct person *who,
    const struct optout *row, struct fail *f)
{
	static const char all[] =
	    ", but all mail is stopped (remove without --course)";
	long long count;
	bool out;

	if (optouts_restore(
		s->store->optouts, row, e->person_asked, &count, f) < 0)
		return fail_prefix(f, "%.*s", (int)who->key.n, who->key.p);
	if (optouts_check(s->store->optouts, row->course_id, row->user_id,
		row->key, &out, f) < 0)
		return -1;
	if (count > 0)
		tell_edit(e, who, out ? ": no opt-out of " : ": ",
		    out ? " any more" : " again", out ? all : "");
	else
		tell_edit(e, who, " was not opted out of ", "", out ? all : "");
	return count > 0 ? 0 : person_note_unknown(s, who, false, f);
}

static int
remove_all(struct subcommand *s, void *ctx, struct fail *f)
{
	return edit_all(s, ctx, SCOPE_FIND, remove_one, f);
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
	    QUIET_OPTION(e.quiet),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "remove [--course ID] [--person-asked] --reason TEXT "
			"ADDRESS|user:NAME...",
	    .purpose = "Take people out of the register: they get mail again.",
	    .specs = specs,
	    .required = "reason",
	    .operands_min = 1,
	    .operands_max = -1};

	return subcommand_run(&o, argc, argv, DB_WRITE, remove_all, &e);
}
