#include "port/roster/target_lookup.h"

#include <string.h>

#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "port/roster/roster.h"

static int
limit_shown(struct str s)
{
	return (int)utf8_cut(s, 100);
}

/* Add the ids that the query yields for ?1, the name. */
static int
add_ids(struct db *db, struct target *t, const char *sql, struct str name,
    struct arena *arena, struct fail *f)
{
	struct db_statement *st;
	int r;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, name);
	while ((r = db_step(db, st, f)) == 1) {
		struct str id = db_text(st, 0);
		struct str *ids =
		    arena_alloc(arena, (t->id_count + 1) * sizeof(*ids));

		if (t->id_count > 0)
			memcpy(ids, t->ids, t->id_count * sizeof(*ids));
		ids[t->id_count++] = arena_str(arena, id);
		t->ids = ids;
	}
	return r;
}

static int
find_address(struct db *db, struct target *t, struct str address,
    struct arena *arena, struct fail *f)
{
	struct addr addr;

	if (addr_parse(&addr, address, ADDR_RESERVED, arena, f) < 0) {
		fail_prefix(f, "\"%.*s\"", limit_shown(address), address.p);
		f->kind = FAIL_SYSTEM;
		return -1;
	}
	if (add_ids(db, t, "SELECT id FROM users WHERE key = ?1 ORDER BY id",
		addr.key, arena, f) < 0)
		return -1;
	if (t->id_count > 0)
		return 0;
	return roster_unknown(db, "address", (struct near){.name = address},
	    "SELECT email FROM users", (struct str){0}, f);
}

static int
find_user(struct db *db, struct target *t, struct str name, struct arena *arena,
    struct fail *f)
{
	if (add_ids(db, t,
		"SELECT id FROM users WHERE username = ?1 ORDER BY id", name,
		arena, f) < 0)
		return -1;
	if (t->id_count == 0 &&
	    add_ids(db, t, "SELECT id FROM users WHERE id = ?1", name, arena,
		f) < 0)
		return -1;
	if (t->id_count > 0)
		return 0;
	return roster_unknown(db, "user", (struct near){.name = name},
	    "SELECT username FROM users WHERE username IS NOT NULL",
	    (struct str){0}, f);
}

static int
find_myself(struct db *db, struct target *t, struct str as, struct arena *arena,
    struct fail *f)
{
	if (as.n == 0)
		return fail_system(f, "target \"myself\" needs --as USER");
	if (memchr(as.p, '@', as.n) != NULL)
		return find_address(db, t, as, arena, f);
	return find_user(db, t, as, arena, f);
}

/* Inactive enrolments count too: only a misspelt name has none at all. */
static int
check_group(struct db *db, const char *what, struct str course_id,
    struct str name, const char *one, const char *all, struct fail *f)
{
	struct db_statement *st;
	int r;

	if (db_prepare(db, &st, one, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	db_bind(st, 2, name);
	r = db_step(db, st, f);
	if (r == 0)
		return roster_unknown(
		    db, what, (struct near){.name = name}, all, course_id, f);
	db_reset(st);
	return r == 1 ? 0 : -1;
}

int
target_lookup(struct db *db, struct str course_id, struct target *t,
    struct str as, struct arena *arena, struct fail *f)
{
	switch (t->kind) {
	case TARGET_STAFF:
	case TARGET_LEARNERS:
	case TARGET_ALL:
		break;
	case TARGET_COHORT:
		return check_group(db, "cohort", course_id, t->value,
		    "SELECT 1 FROM enrollments"
		    " WHERE course_id = ?1 AND cohort = ?2",
		    "SELECT DISTINCT cohort FROM enrollments"
		    " WHERE course_id = ?1 AND cohort IS NOT NULL",
		    f);
	case TARGET_TRACK:
		return check_group(db, "track", course_id, t->value,
		    "SELECT 1 FROM enrollments"
		    " WHERE course_id = ?1 AND mode = ?2",
		    "SELECT DISTINCT mode FROM enrollments"
		    " WHERE course_id = ?1 AND mode IS NOT NULL",
		    f);
	case TARGET_MYSELF:
		return find_myself(db, t, as, arena, f);
	case TARGET_USER:
		return find_user(db, t, t->value, arena, f);
	case TARGET_EMAIL:
		return find_address(db, t, t->value, arena, f);
	}
	return 0;
}
