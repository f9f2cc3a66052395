#include "port/roster/roster_changes.h"

#include "port/db/db_open.h"

#define WAIT_MS 3000 /* for SQLite's own locks */

int
roster_changes_raise(struct db *db, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st,
		"UPDATE roster_changes SET counter = counter + 1", f) < 0)
		return -1;
	return db_step(db, st, f) < 0 ? -1 : 0;
}

int
roster_changes_read(const char *path, int64_t *counter, struct fail *f)
{
	struct db_statement *st;
	struct db *db;
	int rc;

	if (db_open(&db, path, DB_READ, waiting_quiet(WAIT_MS), f) < 0)
		return -1;
	rc = db_prepare(db, &st, "SELECT counter FROM roster_changes", f);
	if (rc == 0)
		rc = db_step(db, st, f);
	if (rc == 1)
		*counter = db_int(st, 0);
	db_close(db);
	return rc < 0 ? -1 : 0;
}
