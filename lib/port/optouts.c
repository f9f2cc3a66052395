#include "port/optouts.h"

#include <sqlite3.h>

/*
 * The latest row of one person and scope. The two ways to name a person are
 * looked up apart, so that each uses its index.
 */
static const char SQL_CHECK[] =
    "SELECT "
    " coalesce((SELECT action='out' FROM optouts"
    "  WHERE user_id=?2 AND course_id=?1 ORDER BY seq DESC LIMIT 1), 0)"
    " OR coalesce((SELECT action='out' FROM optouts"
    "  WHERE user_id=?2 AND course_id='*' ORDER BY seq DESC LIMIT 1), 0)"
    " OR coalesce((SELECT action='out' FROM optouts"
    "  WHERE key=?3 AND course_id=?1 ORDER BY seq DESC LIMIT 1), 0)"
    " OR coalesce((SELECT action='out' FROM optouts"
    "  WHERE key=?3 AND course_id='*' ORDER BY seq DESC LIMIT 1), 0)";
static const char SQL_ADD[] =
    "INSERT INTO optouts(course_id, user_id, key, action, source, reason, at)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char SQL_HISTORY[] =
    "SELECT course_id, user_id, key, action='out', source, reason, at"
    " FROM optouts WHERE ?1 IS NULL OR course_id=?1 ORDER BY seq";
static const char SQL_CURRENT[] =
    "SELECT course_id, user_id, key, action='out', source, reason, at"
    " FROM optouts o WHERE (?1 IS NULL OR course_id=?1)"
    " AND NOT EXISTS(SELECT 1 FROM optouts n WHERE n.seq>o.seq"
    "  AND n.course_id=o.course_id AND n.user_id IS o.user_id"
    "  AND n.key IS o.key) ORDER BY seq";

int
optouts_check(struct db *db, struct str course_id, struct str user_id,
    struct str key, bool *out, struct fail *f)
{
	struct sqlite3_stmt *st;
	int rc;

	if (db_prepare(db, &st, SQL_CHECK, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	db_bind(st, 2, user_id);
	db_bind(st, 3, key);
	rc = sqlite3_step(st);
	*out = rc == SQLITE_ROW && sqlite3_column_int(st, 0) != 0;
	(void)sqlite3_reset(st);
	return rc == SQLITE_ROW ? 0 : db_fail(db, f, "opt-outs");
}

int
optouts_add(struct db *db, const struct optout *o, struct fail *f)
{
	struct sqlite3_stmt *st;
	int rc;

	if (db_prepare(db, &st, SQL_ADD, f) < 0 || db_begin(db, f) < 0)
		return -1;
	db_bind(st, 1, o->course_id);
	db_bind(st, 2, o->user_id);
	db_bind(st, 3, o->key);
	db_bind(st, 4, o->out ? STR("out") : STR("in"));
	db_bind(st, 5, o->source);
	db_bind(st, 6, o->reason);
	sqlite3_bind_int64(st, 7, o->at);
	rc = sqlite3_step(st);
	(void)sqlite3_reset(st);
	if (rc != SQLITE_DONE) {
		db_fail(db, f, "opt-outs");
		db_rollback(db);
		return -1;
	}
	return db_commit(db, f);
}

static struct optout
read_row(struct sqlite3_stmt *st)
{
	return (struct optout){.course_id = db_text(st, 0),
	    .user_id = db_text(st, 1),
	    .key = db_text(st, 2),
	    .out = sqlite3_column_int(st, 3) != 0,
	    .source = db_text(st, 4),
	    .reason = db_text(st, 5),
	    .at = sqlite3_column_int64(st, 6)};
}

int
optouts_list(struct db *db, struct str course_id, bool history, optouts_fn *fn,
    void *ctx, struct fail *f)
{
	struct sqlite3_stmt *st;
	int rc;

	if (db_prepare(db, &st, history ? SQL_HISTORY : SQL_CURRENT, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		struct optout o = read_row(st);

		if (fn(ctx, &o, f) < 0) {
			(void)sqlite3_reset(st);
			return -1;
		}
	}
	(void)sqlite3_reset(st);
	return rc == SQLITE_DONE ? 0 : db_fail(db, f, "opt-outs");
}
