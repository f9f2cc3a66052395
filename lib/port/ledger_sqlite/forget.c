#include "port/ledger_sqlite/forget.h"

#include "base/buf.h"
#include "port/db/generation.h"
#include "port/db/transaction.h"
#include "port/ledger_sqlite/recovery.h"
#include "port/optout/hidden_key.h"
#include "port/roster/roster_changes.h"

/* ?1 is the key, ?2 the hidden key. */
static const char SQL_BUSY[] = "SELECT count(*) FROM deliveries WHERE key=?1"
			       " AND state IN ('claimed', 'in_doubt')";
static const char SQL_ENROLLMENTS[] = "DELETE FROM enrollments WHERE user_id IN"
				      " (SELECT id FROM users WHERE key=?1)";
static const char SQL_ROLES[] =
    "DELETE FROM roles WHERE user_id IN (SELECT id FROM users WHERE key=?1)";
static const char SQL_USERS[] = "DELETE FROM users WHERE key=?1";
static const char SQL_DELIVERIES[] =
    "UPDATE deliveries SET key=?2, email='', user_id=NULL,"
    " user_number=NULL, reply=NULL,"
    " next_try=NULL,"
    " class=CASE state WHEN 'deferred' THEN 'cancelled' ELSE class END,"
    " state=CASE state WHEN 'deferred' THEN 'skipped' ELSE state END"
    " WHERE key=?1";
static const char SQL_REASONS[] =
    "UPDATE optouts SET reason=NULL WHERE user_id IN"
    " (SELECT id FROM users WHERE key=?1)";
static const char SQL_OPTOUTS[] =
    "UPDATE optouts SET key=?2, reason=NULL WHERE key=?1";

/* What came back stays in the numbers of its mailing. */
static const char SQL_BOUNCES[] =
    "UPDATE OR REPLACE bounces SET key=?2, domain='', reply=NULL,"
    " cleared=coalesce(cleared, at) WHERE key=?1";

struct person_keys {
	struct str key, hidden;
};

/* Runs a statement; *count is its first column, or the rows it changed. */
static int
run_on_person(struct db *db, const char *sql, const struct person_keys *n,
    long long *count, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, n->key);
	db_bind(st, 2, n->hidden);
	rc = db_step(db, st, f);
	if (rc == 1)
		*count = db_int(st, 0);
	else if (rc == 0)
		*count = db_changes(db);
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

static int
erase_rows(struct db *db, const struct person_keys *n,
    struct forget_counts *counts, struct fail *f)
{
	long long busy = 0, other;

	if (run_on_person(db, SQL_BUSY, n, &busy, f) < 0)
		return -1;
	if (busy > 0)
		return fail_temp(f,
		    "a message to %.*s is under way or in "
		    "doubt; settle it first",
		    (int)n->key.n, n->key.p);
	if (run_on_person(db, SQL_ENROLLMENTS, n, &other, f) < 0 ||
	    run_on_person(db, SQL_ROLES, n, &other, f) < 0 ||
	    run_on_person(db, SQL_REASONS, n, &other, f) < 0 ||
	    run_on_person(db, SQL_USERS, n, &counts->users, f) < 0 ||
	    run_on_person(db, SQL_BOUNCES, n, &other, f) < 0 ||
	    run_on_person(db, SQL_DELIVERIES, n, &counts->deliveries, f) < 0 ||
	    run_on_person(db, SQL_OPTOUTS, n, &counts->optouts, f) < 0)
		return -1;
	return 0;
}

/* The write-ahead log would keep pages with the erased data. */
static int
empty_log(struct db *db, struct fail *f)
{
	struct db_statement *st;
	bool busy;
	int rc;

	if (db_prepare(db, &st, "PRAGMA wal_checkpoint(TRUNCATE)", f) < 0)
		return -1;
	rc = db_step(db, st, f);
	busy = rc == 1 && db_int(st, 0) != 0;
	db_reset(st);
	if (busy)
		return fail_temp(f, "erased, but the database is being read "
				    "and its log cannot be emptied; run this "
				    "again");
	return rc < 0 ? -1 : 0;
}

int
forget_person(struct db *db, struct str key, const struct recovery_notes *notes,
    struct forget_counts *counts, struct fail *f)
{
	struct buf hidden = {0};
	struct person_keys n;
	int rc = -1;

	*counts = (struct forget_counts){0};
	hidden_key_put(&hidden, key);
	n = (struct person_keys){key, buf_str(&hidden)};
	if (recovery_once(db, notes, f) == 0 &&
	    db_exec(db, "PRAGMA secure_delete=ON", f) == 0 &&
	    transaction_begin(db, f) == 0) {
		rc = generation_raise(db, f);
		if (rc == 0)
			rc = roster_changes_raise(db, f);
		if (rc == 0)
			rc = erase_rows(db, &n, counts, f);
		if (rc == 0)
			rc = transaction_commit(db, f);
		else
			transaction_rollback(db);
	}
	if (rc == 0)
		rc = empty_log(db, f);
	buf_free(&hidden);
	return rc;
}
