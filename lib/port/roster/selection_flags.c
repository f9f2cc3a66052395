#include "port/roster/selection_flags.h"

#include "base/buf.h"

#define SMALL 20000 /* enrolments: fewer are not worth a look at all keys */

#define NUMBER(n) TEXT_OF(n)
#define TEXT_OF(n) #n

/* Marks of one kind for the ids that a SELECT yields. */
#define ADD_MARKS(mark, select)                                          \
	"INSERT INTO mark SELECT id, " NUMBER(                           \
	    mark) " FROM (" select ") WHERE true"                        \
		  " ON CONFLICT(user_id) DO UPDATE SET flags = flags | " \
		  "excluded.flags"

/* As in optouts.c: the latest row of a scope counts, for id and key apart. */
#define OUT_NOW(what)                                                         \
	"SELECT " what " AS id FROM (SELECT " what ", action, max(seq)"       \
	" FROM optouts WHERE course_id IN (?1, '*') AND " what " IS NOT NULL" \
	" GROUP BY " what ", course_id) WHERE action = 'out'"

static const char tables[] =
    "CREATE TEMP TABLE mark(user_id TEXT PRIMARY KEY, flags INTEGER)"
    " WITHOUT ROWID;"
    "CREATE TEMP TABLE out_key(key TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE minus_id(user_id TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE minus_key(key TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE shared(key TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE taken(key TEXT PRIMARY KEY) WITHOUT ROWID";

static const char out_by_id[] = ADD_MARKS(1, OUT_NOW("user_id"));
static const char out_keys[] = "INSERT OR IGNORE INTO out_key " OUT_NOW("key");
static const char out_by_key[] = ADD_MARKS(
    1, "SELECT u.id FROM out_key k CROSS JOIN users u ON u.key = k.key");
static const char staff[] =
    ADD_MARKS(2, "SELECT DISTINCT user_id AS id FROM roles"
		 " WHERE course_id = ?1 AND role IN ('staff', 'instructor')");
static const char picked[] = ADD_MARKS(4, "SELECT ?1 AS id");
static const char minus_by_id[] =
    ADD_MARKS(8, "SELECT user_id AS id FROM minus_id");
static const char minus_by_key[] = ADD_MARKS(
    8, "SELECT u.id FROM minus_key k CROSS JOIN users u ON u.key = k.key");
static const char shared_ids[] = ADD_MARKS(
    16, "SELECT u.id FROM shared k CROSS JOIN users u ON u.key = k.key");

_Static_assert(SELECTION_OPTED_OUT == 1 && SELECTION_STAFF == 2 &&
		   SELECTION_PICKED == 4 && SELECTION_EXCLUDED == 8 &&
		   SELECTION_SHARED_KEY == 16,
    "the SQL has the marks as numbers");

/* Run one statement with one text. */
static int
run(struct db *db, const char *sql, struct str text, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, sql, f) != 0)
		return -1;
	db_bind(st, 1, text);
	return db_step(db, st, f);
}

int
selection_flags_make(struct db *db, struct str course_id, struct fail *f)
{
	if (db_exec(db, tables, f) != 0 ||
	    run(db, out_by_id, course_id, f) != 0 ||
	    run(db, out_keys, course_id, f) != 0)
		return -1;
	return db_exec(db, out_by_key, f);
}

int
selection_flags_add_staff(struct db *db, struct str course_id, struct fail *f)
{
	return run(db, staff, course_id, f);
}

int
selection_flags_add_picked(struct db *db, struct str user_id, struct fail *f)
{
	return run(db, picked, user_id, f);
}

int
selection_flags_subtract(
    struct db *db, struct str user_id, struct str key, struct fail *f)
{
	if (user_id.p != NULL &&
	    run(db, "INSERT OR IGNORE INTO minus_id VALUES(?1)", user_id, f) !=
		0)
		return -1;
	if (key.p == NULL)
		return 0;
	return run(db, "INSERT OR IGNORE INTO minus_key VALUES(?1)", key, f);
}

int
selection_flags_add_minus(struct db *db, struct fail *f)
{
	return db_exec(db, minus_by_id, f) != 0 ? -1
						: db_exec(db, minus_by_key, f);
}

static int
is_small(struct db *db, struct str course_id, bool *small, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st,
		"SELECT 1 FROM enrollments WHERE course_id = ?1"
		" LIMIT 1 OFFSET " NUMBER(SMALL),
		f) != 0)
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

/* Side by side in the index: quicker than GROUP BY. */
static int
find_shared(struct db *db, struct fail *f)
{
	struct db_statement *keys;
	struct buf last = {0};
	int r;

	if (db_prepare(db, &keys, "SELECT key FROM users ORDER BY key", f) != 0)
		return -1;
	while ((r = db_step(db, keys, f)) == 1) {
		struct str key = db_text(keys, 0);

		if (str_eq(key, buf_str(&last)) &&
		    run(db, "INSERT OR IGNORE INTO shared VALUES(?1)", key,
			f) != 0) {
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
	if (is_small(db, course_id, all, f) != 0)
		return -1;
	if (*all)
		return 0;
	return find_shared(db, f) != 0 ? -1 : db_exec(db, shared_ids, f);
}

int
selection_flags_of(struct db *db, struct str user_id, struct str key,
    int *marks, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st,
		"SELECT coalesce((SELECT flags FROM mark WHERE user_id = ?1),"
		" 0), ?2 IN (SELECT key FROM out_key),"
		" ?2 IN (SELECT key FROM minus_key)",
		f) != 0)
		return -1;
	db_bind(st, 1, user_id);
	db_bind(st, 2, key);
	if (db_step(db, st, f) != 1)
		return -1;
	*marks = (int)db_int(st, 0);
	if (db_int(st, 1))
		*marks |= SELECTION_OPTED_OUT;
	if (db_int(st, 2))
		*marks |= SELECTION_EXCLUDED;
	db_reset(st);
	return 0;
}

int
selection_flags_take(struct db *db, struct str key, bool *first, struct fail *f)
{
	if (run(db, "INSERT OR IGNORE INTO taken VALUES(?1)", key, f) != 0)
		return -1;
	*first = db_changes(db) > 0;
	return 0;
}
