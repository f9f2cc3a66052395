#include "port/db/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "port/db/db_files.h"
#include "port/db/db_state.h"

static const char SQL_MARK[] =
    "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;"
    "UPDATE generation SET copied = %lld";
static const char SQL_IS_COPY[] = "SELECT copied IS NOT NULL FROM generation";

static int
fail_copy(sqlite3 *copy, const char *path, struct fail *f)
{
	return fail_system(
	    f, "cannot write %s: %s", path, sqlite3_errmsg(copy));
}

static bool
is_copy(const char *path)
{
	sqlite3 *handle = NULL;
	sqlite3_stmt *st = NULL;
	bool copied = false;

	if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL) ==
		SQLITE_OK &&
	    sqlite3_prepare_v2(handle, SQL_IS_COPY, -1, &st, NULL) == SQLITE_OK)
		copied = sqlite3_step(st) == SQLITE_ROW &&
			 sqlite3_column_int(st, 0) != 0;
	sqlite3_finalize(st);
	sqlite3_close(handle);
	return copied;
}

/* The database itself is looked at by its inode: to open it would drop locks.
 */
static int
check_target(struct db *db, const char *path, struct fail *f)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0
				       : fail_errno(f, "cannot write %s", path);
	if (st.st_dev == db->file.dev && st.st_ino == db->file.ino)
		return fail_system(f, "%s is the database itself", path);
	if (!S_ISREG(st.st_mode) || !is_copy(path))
		return fail_system(f,
		    "%s exists and is no copy of a database of bm; it stays as "
		    "it is",
		    path);
	return 0;
}

/* One step for all pages: they are of one moment, and no writer waits. */
static int
copy_pages(struct db *db, sqlite3 *copy, const char *path, struct fail *f)
{
	sqlite3_backup *b =
	    sqlite3_backup_init(copy, "main", db->handle, "main");
	int rc;

	if (b == NULL)
		return fail_copy(copy, path, f);
	rc = sqlite3_backup_step(b, -1);
	sqlite3_backup_finish(b);
	if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
		return fail_temp(
		    f, "%s is locked by another process", db->path);
	return rc == SQLITE_DONE ? 0 : fail_copy(copy, path, f);
}

static int
mark_copy(sqlite3 *copy, const char *path, int64_t now, struct fail *f)
{
	char sql[200];

	snprintf(sql, sizeof(sql), SQL_MARK, (long long)now);
	if (sqlite3_exec(copy, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail_copy(copy, path, f);
	return 0;
}

static int
write_copy(struct db *db, const char *path, int64_t now, struct fail *f)
{
	sqlite3 *copy = NULL;
	int rc;

	if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE, NULL) !=
	    SQLITE_OK)
		rc = fail_copy(copy, path, f);
	else
		rc = copy_pages(db, copy, path, f);
	if (rc == 0)
		rc = mark_copy(copy, path, now, f);
	if (sqlite3_close(copy) != SQLITE_OK && rc == 0)
		rc = fail_copy(copy, path, f);
	return rc;
}

/* SQLite has synced what it wrote, but not under this name. */
static int
rename_copy(const char *aside, const char *path, struct fail *f)
{
	if (rename(aside, path) < 0)
		return fail_errno(f, "cannot write %s", path);
	file_sync_parent(path);
	return 0;
}

int
backup_write(struct db *db, const char *path, int64_t now, struct fail *f)
{
	char *aside;
	int rc;

	if (check_target(db, path, f) < 0)
		return -1;
	aside = db_files_beside(path, ".part");
	(void)unlink(aside); /* of a backup that was killed */
	rc = db_files_make(aside, f);
	if (rc == 0)
		rc = write_copy(db, aside, now, f);
	if (rc == 0)
		rc = rename_copy(aside, path, f);
	if (rc < 0)
		(void)unlink(aside);
	free(aside);
	return rc;
}
