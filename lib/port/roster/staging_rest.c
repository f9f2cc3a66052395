#include "port/roster/staging_rest.h"

static const char count_missing[] =
    "SELECT count(*) FROM left_out WHERE key NOT IN"
    " (SELECT key FROM staged WHERE key IS NOT NULL)";

static int
prepare_add(struct staging_rest *s, struct fail *f)
{
	if (db_exec(s->db,
		"CREATE TEMP TABLE left_out(key TEXT PRIMARY KEY)"
		" WITHOUT ROWID",
		f) < 0)
		return -1;
	return db_prepare(
	    s->db, &s->add, "INSERT OR IGNORE INTO left_out VALUES(?1)", f);
}

int
staging_rest_add(struct staging_rest *s, struct str key, struct fail *f)
{
	if (s->add == NULL && prepare_add(s, f) < 0)
		return -1;
	db_bind(s->add, 1, key);
	return db_step(s->db, s->add, f);
}

int
staging_rest_count(struct staging_rest *s, long long *count, struct fail *f)
{
	struct db_statement *st;
	int r;

	*count = 0;
	if (s->add == NULL)
		return 0;
	if (db_prepare(s->db, &st, count_missing, f) < 0)
		return -1;
	while ((r = db_step(s->db, st, f)) == 1)
		*count = db_int(st, 0);
	return r;
}
