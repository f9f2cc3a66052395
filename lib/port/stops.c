#include "port/stops.h"

#include <sqlite3.h>

#include "base/num.h"

static const char sql_find[] =
    "SELECT class, reply, at FROM stops WHERE relay=?1 AND account=?2";
static const char sql_put[] =
    "INSERT OR REPLACE INTO stops(relay, account, class, reply, at)"
    " VALUES(?1, ?2, ?3, ?4, ?5)";
static const char sql_clear[] =
    "DELETE FROM stops WHERE relay=?1 AND account=?2";

static int
prepare(struct db *db, sqlite3_stmt **st, const char *sql, const char *relay,
    const char *account, struct fail *f)
{
	if (db_prepare(db, st, sql, f) < 0)
		return -1;
	sqlite3_reset(*st);
	db_bind(*st, 1, str_of(relay));
	db_bind(*st, 2, str_of(account));
	return 0;
}

/* The statement says what was stopped. */
static void
describe(sqlite3_stmt *st, const char *relay, struct fail *f)
{
	struct str class = db_text(st, 0), reply = db_text(st, 1);
	struct buf at = {0};

	num_rfc3339(&at, sqlite3_column_int64(st, 2));
	fail_system(f,
	    "%s refused us at %s (%.*s: %.*s); when that is mended run "
	    "bm-send --check",
	    relay, buf_cstr(&at), (int)class.n, class.p, (int)reply.n,
	    reply.n > 0 ? reply.p : "");
	buf_free(&at);
}

int
stops_check(
    struct db *db, const char *relay, const char *account, struct fail *f)
{
	sqlite3_stmt *st;
	int rc;

	if (prepare(db, &st, sql_find, relay, account, f) < 0)
		return -1;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		describe(st, relay, f);
	rc = rc == SQLITE_ROW    ? 1
	     : rc == SQLITE_DONE ? 0
				 : db_fail(db, f, "stops");
	sqlite3_reset(st);
	return rc;
}

static int
change(struct db *db, sqlite3_stmt *st, struct fail *f)
{
	int rc = 0;

	if (db_begin(db, f) < 0)
		return -1;
	if (sqlite3_step(st) != SQLITE_DONE)
		rc = db_fail(db, f, "stops");
	sqlite3_reset(st);
	if (rc < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, f);
}

int
stops_put(struct db *db, const char *relay, const char *account,
    const char *class, struct str reply, int64_t at, struct fail *f)
{
	sqlite3_stmt *st;

	if (prepare(db, &st, sql_put, relay, account, f) < 0)
		return -1;
	db_bind(st, 3, str_of(class));
	db_bind(st, 4, reply);
	sqlite3_bind_int64(st, 5, at);
	return change(db, st, f);
}

int
stops_clear(
    struct db *db, const char *relay, const char *account, struct fail *f)
{
	sqlite3_stmt *st;

	if (prepare(db, &st, sql_clear, relay, account, f) < 0)
		return -1;
	return change(db, st, f);
}
