#include "port/optout/optouts_lookup.h"

static const char SQL_USER[] =
    "SELECT max(id) FROM users WHERE key=?1 HAVING count(*)=1";

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
optouts_lookup_user(struct db *db, struct str key, struct str *user_id,
    struct arena *arena, struct fail *f)
{
	*user_id = (struct str){0};
	return read_first_column(db, SQL_USER, key, user_id, arena, f);
}

int
optouts_lookup_course(struct db *db, struct str id, struct str *title,
    struct arena *arena, struct fail *f)
{
	*title = id;
	return read_first_column(db, SQL_TITLE, id, title, arena, f);
}
