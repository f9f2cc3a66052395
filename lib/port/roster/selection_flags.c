#include "port/roster/selection_flags.h"

#include "base/buf.h"

#define SMALL 20000 /* enrolments; below it, comparing all keys costs more */

#define NUMBER(n) TEXT_OF(n)
#define TEXT_OF(n) #n

/* Set a flag for the ids that a SELECT yields. */
#define ADD_FLAG(flag, select)                                           \
	"INSERT INTO flagged SELECT id, " NUMBER(                        \
	    flag) " FROM (" select ") WHERE true"                        \
		  " ON CONFLICT(user_id) DO UPDATE SET flags = flags | " \
		  "excluded.flags"

static const char tables[] =
    "CREATE TEMP TABLE flagged(user_id TEXT PRIMARY KEY, flags INTEGER)"
    " WITHOUT ROWID;"
    "CREATE TEMP TABLE opted_out_key(key TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE excluded_id(user_id TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE excluded_key(key TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE shared(key TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE taken(key TEXT PRIMARY KEY) WITHOUT ROWID";

static const char out_by_id[] = ADD_FLAG(1, "SELECT ?1 AS id");
static const char opted_out_key[] =
    "INSERT OR IGNORE INTO opted_out_key VALUES(?1)";
static const char out_by_key[] = ADD_FLAG(
    1, "SELECT u.id FROM opted_out_key k CROSS JOIN users u ON u.key = k.key");
static const char staff[] =
    ADD_FLAG(2, "SELECT DISTINCT user_id AS id FROM roles"
		" WHERE course_id = ?1 AND role IN ('staff', 'instructor')");
static const char picked[] = ADD_FLAG(4, "SELECT ?1 AS id");
static const char excluded_by_id[] =
    ADD_FLAG(8, "SELECT user_id AS id FROM excluded_id");
static const char excluded_by_key[] = ADD_FLAG(
    8, "SELECT u.id FROM excluded_key k CROSS JOIN users u ON u.key = k.key");
static const char shared_ids[] = ADD_FLAG(
    16, "SELECT u.id FROM shared k CROSS JOIN users u ON u.key = k.key");

_Static_assert(SELECTION_OPTED_OUT == 1 && SELECTION_STAFF == 2 &&
		   SELECTION_PICKED == 4 && SELECTION_EXCLUDED == 8 &&
		   SELECTION_SHARED_KEY == 16,
    "the SQL has the flags as numbers");

/* Run a statement with one text parameter. */
static int
run_with_text(struct db *db, const char *sql, struct str text, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, text);
	return db_step(db, st, f);
}

struct marks {
	struct db *db;
	struct db_statement *by_id, *key;
};

/* As an optout_name_fn. */
static int
mark_out(void *ctx, struct str user_id, struct str key, struct fail *f)
{
	const struct marks *m = ctx;
	struct db_statement *st = user_id.p != NULL ? m->by_id : m->key;

	db_bind(st, 1, user_id.p != NULL ? user_id : key);
	return db_step(m->db, st, f);
}

int
selection_flags_make(struct db *db, struct optouts *optouts,
    struct str course_id, struct fail *f)
{
	struct marks m = {.db = db};

	if (db_exec(db, tables, f) < 0 ||
	    db_prepare(db, &m.by_id, out_by_id, f) < 0 ||
	    db_prepare(db, &m.key, opted_out_key, f) < 0 ||
	    optouts_list_out(optouts, course_id, mark_out, &m, f) < 0)
		return -1;
	return db_exec(db, out_by_key, f);
}

int
selection_flags_add_staff(struct db *db, struct str course_id, struct fail *f)
{
	return run_with_text(db, staff, course_id, f);
}

int
selection_flags_add_picked(struct db *db, struct str user_id, struct fail *f)
{
	return run_with_text(db, picked, user_id, f);
}

int
selection_flags_exclude(
    struct db *db, struct str user_id, struct str key, struct fail *f)
{
	if (user_id.p != NULL &&
	    run_with_text(db, "INSERT OR IGNORE INTO excluded_id VALUES(?1)",
		user_id, f) < 0)
		return -1;
	if (key.p == NULL)
		return 0;
	return run_with_text(
	    db, "INSERT OR IGNORE INTO excluded_key VALUES(?1)", key, f);
}

int
selection_flags_add_excluded(struct db *db, struct fail *f)
{
	return db_exec(db, excluded_by_id, f) < 0
		   ? -1
		   : db_exec(db, excluded_by_key, f);
}

static int
check_small(struct db *db, struct str course_id, bool *small, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st,
		"SELECT 1 FROM enrollments WHERE course_id = ?1"
		" LIMIT 1 OFFSET " NUMBER(SMALL),
		f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	switch (db_step(db, st, f)) {
	case 0:
		*small = true;
		return 0;
	case 1:
		*small = false;
		db_reset(st);
		return 0;
	}
	return -1;
}

/* Equal keys are neighbours in the index; this is faster than GROUP BY. */
static int
find_shared(struct db *db, struct fail *f)
{
	struct db_statement *keys;
	struct buf last = {0};
	int r;

	if (db_prepare(db, &keys, "SELECT key FROM users ORDER BY key", f) < 0)
		return -1;
	while ((r = db_step(db, keys, f)) == 1) {
		struct str key = db_text(keys, 0);

		if (str_eq(key, buf_str(&last)) &&
		    run_with_text(db, "INSERT OR IGNORE INTO shared VALUES(?1)",
			key, f) < 0) {
			r = -1;
			break;
		}
		buf_reset(&last);
		buf_addstr(&last, key);
	}
	db_reset(keys);
	buf_free(&last);
	return r;
}

int
selection_flags_add_shared(
    struct db *db, struct str course_id, bool *all, struct fail *f)
{
	if (check_small(db, course_id, all, f) < 0)
		return -1;
	if (*all)
		return 0;
	return find_shared(db, f) < 0 ? -1 : db_exec(db, shared_ids, f);
}

int
selection_flags_find(struct db *db, struct str user_id, struct str key,
    int *flags, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st,
		"SELECT coalesce((SELECT flags FROM flagged WHERE user_id = "
		"?1),"
		" 0), ?2 IN (SELECT key FROM opted_out_key),"
		" ?2 IN (SELECT key FROM excluded_key)",
		f) < 0)
		return -1;
	db_bind(st, 1, user_id);
	db_bind(st, 2, key);
	if (db_step(db, st, f) != 1)
		return -1;
	*flags = (int)db_int(st, 0);
	if (db_int(st, 1))
		*flags |= SELECTION_OPTED_OUT;
	if (db_int(st, 2))
		*flags |= SELECTION_EXCLUDED;
	db_reset(st);
	return 0;
}

int
selection_flags_take_key(
    struct db *db, struct str key, bool *first, struct fail *f)
{
	if (run_with_text(
		db, "INSERT OR IGNORE INTO taken VALUES(?1)", key, f) < 0)
		return -1;
	*first = db_changes(db) > 0;
	return 0;
}
