#include "port/db/db_open.h"

#include <poll.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_merge.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/waiting.h"
#include "port/db/db_files.h"
#include "port/db/db_state.h"
#include "port/db/lock.h"
#include "port/db/lock_holder.h"
#include "port/db/schema.h"
#include "port/db/transaction.h"

#define STEPS_SHOWN 100000 /* of SQLite's machine, some milliseconds */
#define PAUSE_MAX_MS 50    /* of the wait for SQLite's lock */

/* Under the lock, so that two processes do not both make the schema. */
static int
create_schema(struct db *db, struct fail *f)
{
	int r;

	if (lock_take(db->lock, db->path, &db->waiting, f) < 0)
		return -1;
	r = schema_make(db, f);
	if (r < 0)
		transaction_rollback(db);
	lock_drop(db->lock);
	return r;
}

/* A copy made by VACUUM INTO or .dump has lost the mode. */
static int
ensure_wal(struct db *db, struct fail *f)
{
	struct db_statement *st;
	struct fail ignored;
	bool wal;
	int r;

	if (db_prepare(db, &st, "PRAGMA journal_mode", f) < 0)
		return db_fail(db, f, "cannot read");
	wal = db_step(db, st, &ignored) == 1 && str_is(db_text(st, 0), "wal");
	db_reset(st);
	if (wal)
		return 0;
	if (lock_take(db->lock, db->path, &db->waiting, f) < 0)
		return -1;
	r = db_exec(db, "PRAGMA journal_mode = WAL", f);
	lock_drop(db->lock);
	return r;
}

static struct str
get_argument(sqlite3_value *value)
{
	const char *p = (const char *)sqlite3_value_text(value);

	return (struct str){p, (size_t)sqlite3_value_bytes(value)};
}

/* json_patch() takes the square of the number of members. */
static void
merge_json(sqlite3_context *ctx, int count, sqlite3_value **values)
{
	struct str first = get_argument(values[0]);
	struct str second = get_argument(values[1]);
	struct arena *arena = arena_new();
	struct buf out = {0};
	struct fail f;

	(void)count;
	if (first.p == NULL || second.p == NULL)
		sqlite3_result_null(ctx);
	else if (json_merge(&out, first, second, arena, &f) < 0)
		sqlite3_result_error(ctx, f.text, -1);
	else
		sqlite3_result_text64(
		    ctx, out.p, out.len, SQLITE_TRANSIENT, SQLITE_UTF8);
	buf_free(&out);
	arena_free(arena);
}

static void
tell_once(struct db *db, int64_t waited)
{
	char holder[LOCK_HOLDER_SIZE];

	if (db->busy_told || !waiting_is_told(&db->waiting) ||
	    waited < db->waiting.after_ms)
		return;
	db->busy_told = true;
	lock_holder_sqlite(holder, db->path);
	waiting_tell(&db->waiting, db->path, holder);
}

/* As a busy handler of SQLite: 0 ends the wait. count: the calls before. */
static int
pause_and_retry(void *ctx, int count)
{
	struct db *db = ctx;
	int64_t now = clock_mono_ms();

	if (count == 0) {
		db->busy_since = now;
		db->busy_told = false;
	}
	if (now - db->busy_since >= db->waiting.limit_ms)
		return 0;
	tell_once(db, now - db->busy_since);
	(void)poll(NULL, 0, count < PAUSE_MAX_MS ? count + 1 : PAUSE_MAX_MS);
	return 1;
}

/* As a progress handler of SQLite: 0 goes on. */
static int
show_progress(void *ctx)
{
	progress_look(ctx);
	return 0;
}

/* Settings of the connection; the journal mode is stored in the file. */
static int
configure_connection(struct db *db, enum db_mode mode, struct fail *f)
{
	sqlite3_busy_handler(db->handle, pause_and_retry, db);
	if (db->waiting.progress != NULL && db->waiting.progress->on)
		sqlite3_progress_handler(db->handle, STEPS_SHOWN, show_progress,
		    db->waiting.progress);
	if (sqlite3_create_function(db->handle, "json_merge", 2,
		SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
		merge_json, NULL, NULL) != SQLITE_OK)
		return db_fail(db, f, "cannot open");
	if (db_exec(db, "PRAGMA trusted_schema = OFF", f) < 0)
		return -1;
	if (mode == DB_READ)
		return 0;
	return db_exec(db,
	    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
	    "PRAGMA wal_autocheckpoint = 1000;"
	    "PRAGMA journal_size_limit = 16777216",
	    f);
}

/* PATH-lock and PATH-run. */
static int
open_companions(struct db *db, struct fail *f)
{
	db->lock_path = db_files_beside(db->path, "-lock");
	db->lock = lock_open(db->lock_path, f);
	return db->lock < 0 ? -1 : db_files_run_dir(db->run_dir, f);
}

/* By SQLite's own descriptor, since the path may name another file by now. */
static int
identify_file(struct db *db, struct fail *f)
{
	int moved = 0;

	if (db_files_identify(db->path, &db->file, f) < 0)
		return -1;
	if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED,
		&moved) == SQLITE_OK &&
	    moved != 0)
		return fail_system(
		    f, "%s was replaced while it was opened", db->path);
	return 0;
}

static int
open_connection(struct db *db, enum db_mode mode, struct fail *f)
{
	int flags =
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	    (mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);

	if (mode != DB_READ && open_companions(db, f) < 0)
		return -1;
	if (sqlite3_open_v2(db->path, &db->handle, flags, NULL) != SQLITE_OK)
		return db_fail(db, f, "cannot open");
	if (identify_file(db, f) < 0)
		return -1;
	if (configure_connection(db, mode, f) < 0 ||
	    (mode == DB_CREATE && create_schema(db, f) < 0))
		return -1;
	if (mode != DB_UPGRADE && schema_check(db, f) < 0)
		return -1;
	return mode == DB_READ ? 0 : ensure_wal(db, f);
}

int
db_open(struct db **out, const char *path, enum db_mode mode,
    struct waiting waiting, struct fail *f)
{
	struct db *db;

	*out = NULL;
	if (mode == DB_CREATE && db_files_make(path, f) < 0)
		return -1;
	if (db_files_check(path, mode != DB_READ, f) < 0)
		return -1;
	db = mem_new(sizeof(*db));
	db->lock = -1;
	db->waiting = waiting;
	db->path = realpath(path, NULL);
	if (db->path == NULL) {
		fail_errno(f, "cannot open %s", path);
		db_close(db);
		return -1;
	}
	db->run_dir = db_files_beside(db->path, "-run");
	if (open_connection(db, mode, f) < 0) {
		db_close(db);
		return -1;
	}
	*out = db;
	return 0;
}
