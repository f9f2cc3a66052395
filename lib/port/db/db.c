#include "port/db/db.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "port/db/db_state.h"
#include "port/db/lock_holder.h"

/* One prepared statement, kept until the connection is closed. */
struct db_statement {
	sqlite3_stmt *stmt;
	struct db_statement *next;
};

static int
fail_busy(const struct db *db, struct fail *f, const char *subject)
{
	char holder[LOCK_HOLDER_SIZE];

	lock_holder_sqlite(holder, db->path);
	return fail_temp(
	    f, "%s: %s is locked by %s", subject, db->path, holder);
}

int
db_fail(struct db *db, struct fail *f, const char *subject)
{
	int code = sqlite3_errcode(db->handle) & 0xff;
	int cause = sqlite3_system_errno(db->handle);

	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return fail_busy(db, f, subject);
	if (code == SQLITE_NOTADB)
		return fail_system(
		    f, "%s: %s is not a database", subject, db->path);
	if (code == SQLITE_CORRUPT)
		return fail_system(f, "%s: %s is damaged (%s)", subject,
		    db->path, sqlite3_errmsg(db->handle));
	if (code == SQLITE_IOERR && cause != 0)
		return fail_system(f, "%s: %s: %s: %s", subject, db->path,
		    sqlite3_errmsg(db->handle), strerror(cause));
	return fail_system(
	    f, "%s: %s: %s", subject, db->path, sqlite3_errmsg(db->handle));
}

int
db_exec(struct db *db, const char *sql, struct fail *f)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(db, f, "database");
	return 0;
}

/* A statement of this text that is not in the middle of its rows. */
static struct db_statement *
find_idle(const struct db *db, const char *sql)
{
	struct db_statement *st;

	for (st = db->statements; st != NULL; st = st->next) {
		if (strcmp(sqlite3_sql(st->stmt), sql) == 0 &&
		    !sqlite3_stmt_busy(st->stmt))
			break;
	}
	return st;
}

int
db_prepare(
    struct db *db, struct db_statement **out, const char *sql, struct fail *f)
{
	sqlite3_stmt *stmt;

	*out = find_idle(db, sql);
	if (*out != NULL) {
		sqlite3_clear_bindings((*out)->stmt);
		return 0;
	}
	if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
		&stmt, NULL) != SQLITE_OK)
		return db_fail(db, f, "database");
	*out = mem_new(sizeof(**out));
	**out = (struct db_statement){stmt, db->statements};
	db->statements = *out;
	return 0;
}

int
db_prepare_all(
    struct db *db, const struct db_sql *list, size_t count, struct fail *f)
{
	for (size_t i = 0; i < count; i++) {
		if (db_prepare(db, list[i].statement, list[i].text, f) < 0)
			return -1;
	}
	return 0;
}

void
db_bind(struct db_statement *st, int parameter, struct str s)
{
	if (s.p == NULL)
		sqlite3_bind_null(st->stmt, parameter);
	else
		sqlite3_bind_text64(
		    st->stmt, parameter, s.p, s.n, SQLITE_STATIC, SQLITE_UTF8);
}

struct str
db_text(struct db_statement *st, int column)
{
	const unsigned char *p = sqlite3_column_text(st->stmt, column);

	if (p == NULL)
		return (struct str){0};
	return (struct str){
	    (const char *)p, (size_t)sqlite3_column_bytes(st->stmt, column)};
}

void
db_bind_null(struct db_statement *st, int parameter)
{
	sqlite3_bind_null(st->stmt, parameter);
}

void
db_bind_int(struct db_statement *st, int parameter, int64_t n)
{
	sqlite3_bind_int64(st->stmt, parameter, n);
}

int64_t
db_int(struct db_statement *st, int column)
{
	return sqlite3_column_int64(st->stmt, column);
}

bool
db_is_null(struct db_statement *st, int column)
{
	return sqlite3_column_type(st->stmt, column) == SQLITE_NULL;
}

int
db_step(struct db *db, struct db_statement *st, struct fail *f)
{
	int code = sqlite3_step(st->stmt);

	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		db_fail(db, f, "database");
	sqlite3_reset(st->stmt);
	return code == SQLITE_DONE ? 0 : -1;
}

void
db_reset(struct db_statement *st)
{
	sqlite3_reset(st->stmt);
}

int64_t
db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

static void
free_statements(struct db *db)
{
	struct db_statement *st, *next;

	for (st = db->statements; st != NULL; st = next) {
		next = st->next;
		sqlite3_finalize(st->stmt);
		free(st);
	}
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	free_statements(db);
	sqlite3_close(db->handle);
	if (db->lock >= 0)
		close(db->lock);
	free(db->lock_path);
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

void
db_library(struct buf *b)
{
	buf_printf(b, "SQLite %s\n", sqlite3_libversion());
}
