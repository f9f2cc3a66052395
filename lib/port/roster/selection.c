#include "port/roster/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "mail/mime/addr.h"
#include "port/roster/selection_flags.h"
#include "port/roster/target_lookup.h"

#define COLUMNS                                                  \
	"u.id, u.email, u.key, u.name, u.username, u.is_active," \
	" u.last_login, e.is_active, e.mode, e.cohort, e.data"
#define FLAGS_COLUMN 11

/* CROSS JOIN keeps the order of the tables, and with it that of the rows. */
static const char flagged_sql[] =
    "SELECT " COLUMNS ", f.flags FROM flagged f"
    " CROSS JOIN users u ON u.id = f.user_id"
    " LEFT JOIN enrollments e ON e.course_id = ?1 AND e.user_id = f.user_id"
    " WHERE f.flags & 6 ORDER BY f.user_id";
static const char enrolled_sql[] = "SELECT " COLUMNS " FROM enrollments e"
				   " CROSS JOIN users u ON u.id = e.user_id"
				   " WHERE e.course_id = ?1 AND e.is_active"
				   " ORDER BY e.user_id";
static const char flags_sql[] =
    "SELECT user_id, flags FROM flagged ORDER BY user_id";

_Static_assert((SELECTION_STAFF | SELECTION_PICKED) == 6, "as in flagged_sql");

struct selection {
	struct db *db;
	struct selection_params params;
	struct arena *arena;
	bool all_shared; /* every key counts as shared */
	bool open;       /* a transaction is */
};

/* The targets of one walk, and the function that is called for its people. */
struct walk {
	const struct target *targets;
	size_t count;
	selection_fn *fn;
	void *ctx;
};

/* Is a person with this last login (0: none) wanted? */
static bool
is_wanted_login(const struct selection_params *p, int64_t login)
{
	if (login == 0)
		return p->login_never || p->login_before == 0;
	if (p->login_before == 0 && p->login_never)
		return false;
	return login >= p->login_cutoff &&
	       (p->login_before == 0 || login < p->login_before);
}

static void
read_person(struct selection *s, struct db_statement *st,
    struct selection_person *p, int flags)
{
	int64_t login = db_int(st, 6);

	*p = (struct selection_person){.email = db_text(st, 1),
	    .key = db_text(st, 2),
	    .name = db_text(st, 3),
	    .username = db_text(st, 4),
	    .data = db_text(st, 10),
	    .flags = s->all_shared ? flags | SELECTION_SHARED_KEY : flags,
	    .answer = TARGET_NO};
	p->person = (struct target_person){.user_id = db_text(st, 0),
	    .mode = db_text(st, 8),
	    .cohort = db_text(st, 9),
	    .enrolled = db_int(st, 7) != 0,
	    .staff = (flags & SELECTION_STAFF) != 0,
	    .active = db_int(st, 5) != 0,
	    .recent = is_wanted_login(&s->params, login)};
}

/* The first YES counts, else the first answer that is not NO. */
static void
ask_targets(const struct walk *walk, struct selection_person *p)
{
	for (size_t i = 0; i < walk->count && p->target == NULL; i++) {
		enum target_answer a =
		    target_ask(&walk->targets[i], &p->person);

		if (a == TARGET_YES)
			p->target = &walk->targets[i];
		if (a == TARGET_YES || p->answer == TARGET_NO)
			p->answer = a;
	}
}

static int
visit_person(struct selection *s, const struct walk *walk,
    struct db_statement *st, int flags, struct fail *f)
{
	struct selection_person p;

	read_person(s, st, &p, flags);
	ask_targets(walk, &p);
	return p.answer == TARGET_NO ? 0 : walk->fn(walk->ctx, &p, f);
}

static int
walk_flagged(struct selection *s, const struct walk *walk, struct fail *f)
{
	struct db_statement *st;
	int r;

	if (db_prepare(s->db, &st, flagged_sql, f) < 0)
		return -1;
	db_bind(st, 1, s->params.course_id);
	while ((r = db_step(s->db, st, f)) == 1) {
		r = visit_person(s, walk, st, (int)db_int(st, FLAGS_COLUMN), f);
		if (r != 0)
			break;
	}
	db_reset(st);
	return r;
}

/*
 * A second statement reads the flags in step with the walk: both are in the
 * order of user ids by SQLite's BINARY collation, which is str_order().
 */
struct flag_cursor {
	struct db_statement *st;
	struct str id;
	bool ended;
};

static int
read_flags(struct selection *s, struct flag_cursor *c, struct str id,
    int *flags, struct fail *f)
{
	int order = -1, r;

	*flags = 0;
	while (!c->ended &&
	       (c->id.p == NULL || (order = str_order(c->id, id)) < 0)) {
		r = db_step(s->db, c->st, f);
		if (r < 0)
			return -1;
		c->ended = r == 0;
		if (r == 1)
			c->id = db_text(c->st, 0);
	}
	if (!c->ended && order == 0)
		*flags = (int)db_int(c->st, 1);
	return 0;
}

static int
visit_enrolled(struct selection *s, const struct walk *walk,
    struct db_statement *st, struct flag_cursor *c, struct fail *f)
{
	int flags;

	if (read_flags(s, c, db_text(st, 0), &flags, f) < 0)
		return -1;
	if (flags & (SELECTION_STAFF | SELECTION_PICKED))
		return 0; /* walk_flagged() visits them */
	return visit_person(s, walk, st, flags, f);
}

static int
walk_enrolled(struct selection *s, const struct walk *walk, struct fail *f)
{
	struct db_statement *st;
	struct flag_cursor cursor = {0};
	int r;

	if (db_prepare(s->db, &st, enrolled_sql, f) < 0 ||
	    db_prepare(s->db, &cursor.st, flags_sql, f) < 0)
		return -1;
	db_bind(st, 1, s->params.course_id);
	while ((r = db_step(s->db, st, f)) == 1) {
		r = visit_enrolled(s, walk, st, &cursor, f);
		if (r != 0)
			break;
	}
	db_reset(st);
	db_reset(cursor.st);
	return r;
}

static int
walk_people(struct selection *s, const struct walk *walk, struct fail *f)
{
	bool groups = false;

	for (size_t i = 0; i < walk->count; i++) {
		if (!target_is_picked(&walk->targets[i]) &&
		    walk->targets[i].kind != TARGET_STAFF)
			groups = true;
	}
	if (walk_flagged(s, walk, f) < 0)
		return -1;
	return groups ? walk_enrolled(s, walk, f) : 0;
}

static int
pick_target(struct selection *s, struct target *t, struct fail *f)
{
	if (target_lookup(
		s->db, s->params.course_id, t, s->params.as, s->arena, f) < 0)
		return -1;
	for (size_t i = 0; i < t->id_count; i++) {
		if (selection_flags_add_picked(s->db, t->ids[i], f) < 0)
			return -1;
	}
	return 0;
}

/* --except email:ADDRESS need not be in the roster. */
static int
pick_exception(struct selection *s, struct target *t, struct fail *f)
{
	struct addr addr;

	if (t->kind != TARGET_EMAIL)
		return pick_target(s, t, f);
	if (addr_parse(&addr, t->value, ADDR_RESERVED, s->arena, f) < 0) {
		f->kind = FAIL_SYSTEM;
		return fail_prefix(f, "--except email");
	}
	return selection_flags_exclude(s->db, (struct str){0}, addr.key, f);
}

/* Exclude the person, and everyone with the same key. */
static int
exclude_person(void *ctx, const struct selection_person *p, struct fail *f)
{
	struct selection *s = ctx;

	return selection_flags_exclude(s->db, p->person.user_id, p->key, f);
}

static int
look_up_targets(struct selection *s, struct fail *f)
{
	const struct selection_params *p = &s->params;
	struct walk except = {p->except, p->except_count, exclude_person, s};

	for (size_t i = 0; i < p->target_count; i++) {
		if (pick_target(s, &p->targets[i], f) < 0)
			return -1;
	}
	for (size_t i = 0; i < p->except_count; i++) {
		if (pick_exception(s, &p->except[i], f) < 0)
			return -1;
	}
	if (p->except_count == 0)
		return 0;
	return walk_people(s, &except, f) < 0
		   ? -1
		   : selection_flags_add_excluded(s->db, f);
}

static int
end_transaction(struct selection *s, struct fail *f)
{
	s->open = false;
	return db_exec(s->db, "COMMIT", f);
}

/* A transaction of TEMP tables alone makes writing them cheap. */
static int
release_database(struct selection *s, struct fail *f)
{
	if (end_transaction(s, f) < 0)
		return -1;
	if (s->params.reads_ledger)
		return 0;
	s->open = true;
	return db_exec(s->db, "BEGIN", f);
}

int
selection_open(struct selection **out, struct db *db,
    const struct selection_params *params, struct fail *f)
{
	struct selection *s = mem_new(sizeof(*s));

	s->db = db;
	s->params = *params;
	s->arena = arena_new();
	*out = s;
	if (db_exec(db,
		"PRAGMA temp.journal_mode = OFF; PRAGMA cache_size = -8000;"
		"PRAGMA temp.cache_size = -16000; BEGIN",
		f) < 0)
		return -1;
	s->open = true;
	if (selection_flags_make(db, params->optouts, params->course_id, f) <
		0 ||
	    selection_flags_add_staff(db, params->course_id, f) < 0 ||
	    look_up_targets(s, f) < 0)
		return -1;
	if (params->target_count == 0)
		return release_database(s, f);
	return selection_flags_add_shared(
	    db, params->course_id, &s->all_shared, f);
}

int
selection_each(struct selection *s, selection_fn *fn, void *ctx, struct fail *f)
{
	struct walk walk = {s->params.targets, s->params.target_count, fn, ctx};

	return walk_people(s, &walk, f);
}

void
selection_close(struct selection *s)
{
	struct fail ignored;

	if (s == NULL)
		return;
	if (s->open)
		end_transaction(s, &ignored);
	arena_free(s->arena);
	free(s);
}
