#include "port/db/transaction.h"

#include <time.h>

#include "port/db/db_state.h"
#include "port/db/generation.h"
#include "port/db/lock.h"

#define PAUSE_NS 50000 /* after a commit: lets the next in the queue in */

static int
step_once(
    struct db *db, struct db_statement **st, const char *sql, struct fail *f)
{
	if (*st == NULL && db_prepare(db, st, sql, f) < 0)
		return -1;
	return db_step(db, *st, f);
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

/* After one timeout the caller gives up; do not wait again in its cleanup. */
static int
stop_waiting(struct db *db, const struct fail *f)
{
	if (f->kind == FAIL_TEMP)
		db->waiting.limit_ms = 0;
	return -1;
}

int
transaction_begin_lazy(struct db *db, bool lazy, struct fail *f)
{
	if (set_lazy(db, lazy, f) < 0)
		return -1;
	if (lock_take(db->lock, db->path, &db->waiting, f) < 0)
		return stop_waiting(db, f);
	if (db_files_same(db->path, &db->file, f) < 0 ||
	    step_once(db, &db->begin, "BEGIN IMMEDIATE", f) < 0) {
		lock_drop(db->lock);
		return stop_waiting(db, f);
	}
	return 0;
}

int
transaction_begin(struct db *db, struct fail *f)
{
	return transaction_begin_lazy(db, false, f);
}

int
transaction_commit(struct db *db, struct fail *f)
{
	int rc;

	if (step_once(db, &db->commit, "COMMIT", f) < 0) {
		transaction_rollback(db);
		return -1;
	}
	rc = generation_write(db, f);
	lock_drop(db->lock);
	nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
	return rc;
}

/* Without a transaction ROLLBACK fails, which is as good. */
void
transaction_rollback(struct db *db)
{
	struct fail ignored;

	db->raised.counter = 0;
	(void)db_exec(db, "ROLLBACK", &ignored);
	if (db->lock >= 0)
		lock_drop(db->lock);
}

int
transaction_begin_read(struct db *db, struct fail *f)
{
	return step_once(db, &db->begin_read, "BEGIN", f);
}

int
transaction_end_read(struct db *db, struct fail *f)
{
	return step_once(db, &db->commit, "COMMIT", f);
}
