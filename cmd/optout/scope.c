#include "optout/scope.h"

#include "base/map.h"
#include "base/near.h"
#include "base/program.h"
#include "port/optout/optouts_list.h"
#include "port/roster/roster.h"
#include "port/roster/roster_lookup.h"

static const char SQL_COURSES[] =
    "SELECT id FROM courses UNION SELECT course_id FROM emails";
/* The register's courses, each once. */
struct offers {
	struct near near;
	struct map *seen; /* keeps the names */
};

/* As an optout_fn. */
static int
offer_course(void *ctx, const struct optout *o, struct fail *f)
{
	struct offers *offers = ctx;
	struct str name;

	(void)f;
	if (str_is(o->course_id, ALL_MAIL) ||
	    map_get(offers->seen, o->course_id) != NULL)
		return 0;
	*(bool *)map_put(offers->seen, o->course_id) = true;
	map_item(offers->seen, map_count(offers->seen) - 1, &name);
	near_offer(&offers->near, name);
	return 0;
}

static int
fail_unknown(
    struct subcommand *s, struct str course, enum scope_use use, struct fail *f)
{
	struct offers offers = {
	    .near = {.name = course}, .seen = map_new(sizeof(bool))};
	int rc = 0;

	if (use != SCOPE_ENTER)
		rc = optouts_list(s->store->optouts, (struct str){0}, true,
		    offer_course, &offers, f);
	if (rc == 0)
		roster_unknown(s->db, "course", offers.near, SQL_COURSES,
		    (struct str){0}, f);
	map_free(offers.seen);
	if (rc == 0 && f->kind == FAIL_SYSTEM && use != SCOPE_FIND)
		fail_system(
		    f, "%s (--force takes a course that comes later)", f->text);
	return -1;
}

/* No later course may have every id. */
static int
check_forced(struct str course, struct fail *f)
{
	if (course_check_new_id(course, f) == 0)
		return 0;
	f->kind = FAIL_SYSTEM;
	return -1;
}

int
scope_find(struct subcommand *s, const char *course, enum scope_use use,
    bool force, struct str *scope, struct fail *f)
{
	bool known, none;

	if (subcommand_scope(course, scope, f) < 0)
		return -1;
	if (str_is(*scope, ALL_MAIL))
		return 0;
	if (roster_lookup_scope(s->db, *scope, &known, &none, f) < 0)
		return -1;
	if (!known && use != SCOPE_ENTER &&
	    optouts_has_course(s->store->optouts, *scope, &known, f) < 0)
		return -1;
	if (known)
		return 0;
	if (force)
		return check_forced(*scope, f);
	if (!none || use == SCOPE_FIND)
		return fail_unknown(s, *scope, use, f);
	if (use == SCOPE_ENTER)
		program_note(PROGRAM,
		    "%s has no course yet; this is for \"%.*s\" as it is "
		    "written",
		    db_path(s->db), (int)scope->n, scope->p);
	return check_forced(*scope, f);
}
