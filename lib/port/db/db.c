#include "port/db/db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "port/db/db_files.h"
#include "port/db/lock.h"
#include "port/db/schema.h"

#define PAUSE_NS 50000 /* after a commit: lets the next in the queue in */

struct db {
	sqlite3 *handle;
	char *path;    /* real path: -wal, -shm and -lock stand beside it */
	char *run_dir; /* path-run */
	int lock;      /* descriptor of path-lock, or -1 */
	int wait_ms;
	bool lazy; /* commits are not synced */
	sqlite3_stmt *begin, *begin_read, *commit, *version;
	sqlite3_stmt **kept; /* all that db_prepare() gave */
	size_t kept_count;
};

int
db_fail(struct db *db, struct fail *f, const char *what)
{
	int code = sqlite3_errcode(db->handle) & 0xff;
	int cause = sqlite3_system_errno(db->handle);

	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return fail_temp(
		    f, "%s: %s is locked by another process", what, db->path);
	if (code == SQLITE_NOTADB)
		return fail_system(
		    f, "%s: %s is not a database", what, db->path);
	if (code == SQLITE_CORRUPT)
		return fail_system(f, "%s: %s is damaged (%s)", what, db->path,
		    sqlite3_errmsg(db->handle));
	if (code == SQLITE_IOERR && cause != 0)
		return fail_system(f, "%s: %s: %s: %s", what, db->path,
		    sqlite3_errmsg(db->handle), strerror(cause));
	return fail_system(
	    f, "%s: %s: %s", what, db->path, sqlite3_errmsg(db->handle));
}

int
db_exec(struct db *db, const char *sql, struct fail *f)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(db, f, "database");
	return 0;
}

/* A statement of this text that nobody is stepping through, or NULL. */
static sqlite3_stmt *
find_kept(const struct db *db, const char *sql)
{
	size_t i;

	for (i = 0; i < db->kept_count; i++) {
		if (strcmp(sqlite3_sql(db->kept[i]), sql) == 0 &&
		    !sqlite3_stmt_busy(db->kept[i]))
			return db->kept[i];
	}
	return NULL;
}

int
db_prepare(
    struct db *db, struct sqlite3_stmt **stmt, const char *sql, struct fail *f)
{
	*stmt = find_kept(db, sql);
	if (*stmt != NULL) {
		sqlite3_clear_bindings(*stmt);
		return 0;
	}
	if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
		stmt, NULL) != SQLITE_OK)
		return db_fail(db, f, "database");
	db->kept = mem_grow(db->kept, db->kept_count + 1, sizeof(*db->kept));
	db->kept[db->kept_count++] = *stmt;
	return 0;
}

void
db_bind(struct sqlite3_stmt *stmt, int column, struct str s)
{
	if (s.p == NULL)
		sqlite3_bind_null(stmt, column);
	else
		sqlite3_bind_text64(
		    stmt, column, s.p, s.n, SQLITE_STATIC, SQLITE_UTF8);
}

struct str
db_text(struct sqlite3_stmt *stmt, int column)
{
	const unsigned char *p = sqlite3_column_text(stmt, column);

	if (p == NULL)
		return (struct str){0};
	return (struct str){
	    (const char *)p, (size_t)sqlite3_column_bytes(stmt, column)};
}

void
db_bind_int(struct sqlite3_stmt *stmt, int column, int64_t n)
{
	sqlite3_bind_int64(stmt, column, n);
}

int64_t
db_int(struct sqlite3_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt, column);
}

bool
db_is_null(struct sqlite3_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt, column) == SQLITE_NULL;
}

int
db_step(struct db *db, struct sqlite3_stmt *stmt, struct fail *f)
{
	int code = sqlite3_step(stmt);

	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		db_fail(db, f, "database");
	sqlite3_reset(stmt);
	return code == SQLITE_DONE ? 0 : -1;
}

void
db_reset(struct sqlite3_stmt *stmt)
{
	sqlite3_reset(stmt);
}

int64_t
db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

/* Under the lock, so that two makers do not meet. */
static int
create(struct db *db, struct fail *f)
{
	int r;

	if (lock_take(db->lock, db->wait_ms, f) != 0)
		return fail_prefix(f, "%s", db->path);
	r = schema_make(db, f);
	if (r != 0)
		db_rollback(db);
	lock_drop(db->lock);
	return r;
}

/* A copy made by VACUUM INTO or .dump has lost the mode. */
static int
ensure_wal(struct db *db, struct fail *f)
{
	sqlite3_stmt *stmt;
	bool wal;
	int r;

	if (sqlite3_prepare_v2(db->handle, "PRAGMA journal_mode", -1, &stmt,
		NULL) != SQLITE_OK)
		return db_fail(db, f, "cannot read");
	wal =
	    sqlite3_step(stmt) == SQLITE_ROW && str_is(db_text(stmt, 0), "wal");
	sqlite3_finalize(stmt);
	if (wal)
		return 0;
	if (lock_take(db->lock, db->wait_ms, f) != 0)
		return fail_prefix(f, "%s", db->path);
	r = db_exec(db, "PRAGMA journal_mode = WAL", f);
	lock_drop(db->lock);
	return r;
}

/* What the connection keeps to; the journal mode is stored in the file. */
static int
configure(struct db *db, enum db_mode mode, struct fail *f)
{
	sqlite3_busy_timeout(db->handle, db->wait_ms);
	if (db_exec(db, "PRAGMA trusted_schema = OFF", f) != 0)
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
	char *lock = db_files_beside(db->path, "-lock");

	db->lock = lock_open(lock, f);
	free(lock);
	return db->lock < 0 ? -1 : db_files_run_dir(db->run_dir, f);
}

static int
open_file(struct db *db, enum db_mode mode, struct fail *f)
{
	int flags =
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	    (mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);

	if (mode != DB_READ && open_companions(db, f) != 0)
		return -1;
	if (sqlite3_open_v2(db->path, &db->handle, flags, NULL) != SQLITE_OK)
		return db_fail(db, f, "cannot open");
	if (configure(db, mode, f) != 0 ||
	    (mode == DB_CREATE && create(db, f) != 0))
		return -1;
	if (mode != DB_UPGRADE && schema_check(db, f) != 0)
		return -1;
	return mode == DB_READ ? 0 : ensure_wal(db, f);
}

int
db_open(struct db **out, const char *path, enum db_mode mode, int wait_ms,
    struct fail *f)
{
	struct db *db;

	*out = NULL;
	if (mode == DB_CREATE && db_files_make(path, f) != 0)
		return -1;
	if (db_files_check(path, mode != DB_READ, f) != 0)
		return -1;
	db = mem_new(sizeof(*db));
	db->lock = -1;
	db->wait_ms = wait_ms;
	db->path = realpath(path, NULL);
	if (db->path == NULL) {
		fail_errno(f, "cannot open %s", path);
		db_close(db);
		return -1;
	}
	db->run_dir = db_files_beside(db->path, "-run");
	if (open_file(db, mode, f) != 0) {
		db_close(db);
		return -1;
	}
	*out = db;
	return 0;
}

void
db_close(struct db *db)
{
	size_t i;

	if (db == NULL)
		return;
	for (i = 0; i < db->kept_count; i++)
		sqlite3_finalize(db->kept[i]);
	free(db->kept);
	sqlite3_close(db->handle);
	if (db->lock >= 0)
		close(db->lock);
	free(db->run_dir);
	free(db->path);
	free(db);
}

const char *
db_path(const struct db *db)
{
	return db->path;
}

const char *
db_run_dir(const struct db *db)
{
	return db->run_dir;
}

struct sqlite3 *
db_handle(struct db *db)
{
	return db->handle;
}

/* Run a statement without rows that is kept for the next time. */
static int
run(struct db *db, sqlite3_stmt **stmt, const char *sql, struct fail *f)
{
	if (*stmt == NULL && db_prepare(db, stmt, sql, f) != 0)
		return -1;
	return db_step(db, *stmt, f);
}

static int
set_lazy(struct db *db, bool lazy, struct fail *f)
{
	if (db->lazy == lazy)
		return 0;
	db->lazy = lazy;
	return db_exec(db,
	    lazy ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL",
	    f);
}

/* Who has waited in vain gives up: it must not wait as long for each step. */
static int
begin_failed(struct db *db, const struct fail *f)
{
	if (f->kind == FAIL_TEMP) {
		db->wait_ms = 0;
		sqlite3_busy_timeout(db->handle, 0);
	}
	return -1;
}

int
db_begin_lazy(struct db *db, bool lazy, struct fail *f)
{
	if (set_lazy(db, lazy, f) != 0)
		return -1;
	if (lock_take(db->lock, db->wait_ms, f) != 0) {
		fail_prefix(f, "%s", db->path);
		return begin_failed(db, f);
	}
	if (run(db, &db->begin, "BEGIN IMMEDIATE", f) != 0) {
		lock_drop(db->lock);
		return begin_failed(db, f);
	}
	return 0;
}

int
db_begin(struct db *db, struct fail *f)
{
	return db_begin_lazy(db, false, f);
}

int
db_commit(struct db *db, struct fail *f)
{
	if (run(db, &db->commit, "COMMIT", f) != 0) {
		db_rollback(db);
		return -1;
	}
	lock_drop(db->lock);
	nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
	return 0;
}

/* By SQLite's own descriptor: to open the file would drop SQLite's locks. */
int
db_sync(struct db *db, struct fail *f)
{
	sqlite3_file *wal = NULL;

	if (sqlite3_file_control(db->handle, "main",
		SQLITE_FCNTL_JOURNAL_POINTER, &wal) != SQLITE_OK ||
	    wal == NULL || wal->pMethods == NULL ||
	    wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL) != SQLITE_OK)
		return fail_system(
		    f, "%s-wal: cannot be synced to the disk", db->path);
	return 0;
}

int
db_begin_read(struct db *db, struct fail *f)
{
	return run(db, &db->begin_read, "BEGIN", f);
}

int
db_end_read(struct db *db, struct fail *f)
{
	return run(db, &db->commit, "COMMIT", f);
}

void
db_rollback(struct db *db)
{
	if (sqlite3_get_autocommit(db->handle) == 0)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	if (db->lock >= 0)
		lock_drop(db->lock);
}

int64_t
db_version(struct db *db)
{
	struct fail f;
	int64_t n = -1;

	if (db->version == NULL &&
	    db_prepare(db, &db->version, "PRAGMA data_version", &f) != 0)
		return -1;
	if (db_step(db, db->version, &f) == 1)
		n = db_int(db->version, 0);
	sqlite3_reset(db->version);
	return n;
}

void
db_library(struct buf *b)
{
	buf_printf(b, "SQLite %s\n", sqlite3_libversion());
}
