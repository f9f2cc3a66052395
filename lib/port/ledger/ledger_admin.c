#include "port/ledger/ledger_admin.h"

#include "port/db/transaction.h"

static const char SQL_SET_STATE[] = "UPDATE emails SET state=?2 WHERE id=?1";
static const char SQL_ASSUME[] =
    "UPDATE deliveries SET state='sent', class='ok', at=?2,"
    " reply='assumed sent by the operator'"
    " WHERE email_id=?1 AND state='in_doubt'";

/* Runs one statement as a transaction; the number of rows it changed. */
static long long
commit_change(struct db *db, struct db_statement *st, struct fail *f)
{
	long long changed;

	if (transaction_begin(db, f) < 0)
		return -1;
	if (db_step(db, st, f) < 0) {
		db_fail(db, f, "ledger");
		transaction_rollback(db);
		return -1;
	}
	changed = db_changes(db);
	return transaction_commit(db, f) < 0 ? -1 : changed;
}

int
ledger_admin_set_state(
    struct db *db, struct str email_id, enum ledger_state state, struct fail *f)
{
	struct db_statement *st;
	long long changed;

	if (db_prepare(db, &st, SQL_SET_STATE, f) < 0)
		return -1;
	db_bind(st, 1, email_id);
	db_bind(st, 2, str_of(ledger_state_name(state)));
	changed = commit_change(db, st, f);
	if (changed == 0)
		return fail_system(f, "no mailing %.*s in the ledger",
		    (int)email_id.n, email_id.p);
	return changed < 0 ? -1 : 0;
}

int
ledger_admin_assume_sent(struct db *db, struct str email_id, int64_t now,
    long long *count, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, SQL_ASSUME, f) < 0)
		return -1;
	db_bind(st, 1, email_id);
	db_bind_int(st, 2, now);
	*count = commit_change(db, st, f);
	return *count < 0 ? -1 : 0;
}
