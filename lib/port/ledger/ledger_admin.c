#include "port/ledger/ledger_admin.h"

#include "port/db/transaction.h"

static const char SQL_STATE[] = "SELECT state FROM emails WHERE id=?1";
/* The condition stands in the statement, as another process may cancel now. */
static const char SQL_SET_STATE[] =
    "UPDATE emails SET state=?2 WHERE id=?1"
    " AND (state<>'cancelled' OR ?2='cancelled')";
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

/* SYSTEM when the ledger has no such mailing. */
static int
find_state(struct db *db, struct str email_id, enum ledger_state *state,
    struct fail *f)
{
	struct db_statement *st;
	int r;

	if (db_prepare(db, &st, SQL_STATE, f) < 0)
		return -1;
	db_bind(st, 1, email_id);
	r = db_step(db, st, f);
	if (r == 1)
		*state = ledger_state_parse(db_text(st, 0));
	db_reset(st);
	if (r == 0)
		return fail_system(f, "no mailing %.*s in the ledger",
		    (int)email_id.n, email_id.p);
	return r < 0 ? -1 : 0;
}

/* Why no row has changed. */
static int
fail_unchanged(struct db *db, struct str email_id, struct fail *f)
{
	enum ledger_state state;

	if (find_state(db, email_id, &state, f) < 0)
		return -1;
	return fail_system(f,
	    "mailing %.*s is cancelled, and stays so; to mail the rest, render "
	    "it with another --id for bm-recipients --ledger "
	    "%.*s=none,skipped",
	    (int)email_id.n, email_id.p, (int)email_id.n, email_id.p);
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
		return fail_unchanged(db, email_id, f);
	return changed < 0 ? -1 : 0;
}

int
ledger_admin_assume_sent(struct db *db, struct str email_id, int64_t now,
    long long *count, struct fail *f)
{
	struct db_statement *st;
	enum ledger_state state;

	if (find_state(db, email_id, &state, f) < 0 ||
	    db_prepare(db, &st, SQL_ASSUME, f) < 0)
		return -1;
	db_bind(st, 1, email_id);
	db_bind_int(st, 2, now);
	*count = commit_change(db, st, f);
	return *count < 0 ? -1 : 0;
}
