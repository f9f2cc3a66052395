#include "port/roster/roster_lookup.h"

static const char SQL_USER[] =
    "SELECT max(id) FROM users WHERE key=?1 HAVING count(*)=1";

static const char SQL_USERS[] =
    "SELECT count(*), max(id) FROM users WHERE key=?1";
static const char SQL_NAME[] =
    "SELECT count(*), max(id) FROM users WHERE username=?1";
static const char SQL_ID[] = "SELECT count(*), max(id) FROM users WHERE id=?1";

static const char SQL_KEY[] = "SELECT key FROM users WHERE id=?1";

static const char SQL_SCOPE[] =
    "SELECT EXISTS(SELECT 1 FROM courses WHERE id=?1)"
    " OR EXISTS(SELECT 1 FROM emails WHERE course_id=?1),"
    " NOT EXISTS(SELECT 1 FROM courses) AND NOT EXISTS(SELECT 1 FROM emails)";

static const char SQL_TITLE[] =
    "SELECT coalesce(nullif(title, ''), id) FROM courses WHERE id=?1";

/* The first column of a query with one parameter; *out stays without a row. */
static int
read_first_column(struct db *db, const char *sql, struct str parameter,
    struct str *out, struct arena *arena, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, parameter);
	rc = db_step(db, st, f);
	if (rc == 1)
		*out = arena_str(arena, db_text(st, 0));
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

int
roster_lookup_user(struct db *db, struct str key, struct str *user_id,
    struct arena *arena, struct fail *f)
{
	*user_id = (struct str){0};
	return read_first_column(db, SQL_USER, key, user_id, arena, f);
}

static int
count_users(struct db *db, const char *sql, struct str parameter,
    long long *count, struct str *user_id, struct arena *arena, struct fail *f)
{
	struct db_statement *st;
	int rc;

	*count = 0;
	*user_id = (struct str){0};
	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, parameter);
	rc = db_step(db, st, f);
	if (rc == 1)
		*count = db_int(st, 0);
	if (*count > 0)
		*user_id = arena_str(arena, db_text(st, 1));
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

int
roster_lookup_users(struct db *db, struct str key, long long *count,
    struct str *user_id, struct arena *arena, struct fail *f)
{
	return count_users(db, SQL_USERS, key, count, user_id, arena, f);
}

int
roster_lookup_name(struct db *db, struct str name, long long *count,
    struct str *user_id, struct arena *arena, struct fail *f)
{
	if (count_users(db, SQL_NAME, name, count, user_id, arena, f) < 0)
		return -1;
	return *count > 0
		   ? 0
		   : count_users(db, SQL_ID, name, count, user_id, arena, f);
}

int
roster_lookup_key(struct db *db, struct str user_id, struct str *key,
    struct arena *arena, struct fail *f)
{
	*key = (struct str){0};
	return read_first_column(db, SQL_KEY, user_id, key, arena, f);
}

int
roster_lookup_scope(struct db *db, struct str course_id, bool *known,
    bool *none, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_SCOPE, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	rc = db_step(db, st, f);
	*known = rc == 1 && db_int(st, 0) != 0;
	*none = rc == 1 && db_int(st, 1) != 0;
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

int
roster_lookup_course(struct db *db, struct str id, struct str *title,
    struct arena *arena, struct fail *f)
{
	*title = id;
	return read_first_column(db, SQL_TITLE, id, title, arena, f);
}
