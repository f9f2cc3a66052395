#include "port/ledger_sqlite/plans.h"

#include "port/db/transaction.h"

static const char SQL_STORE[] =
    "INSERT INTO plans VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    " ON CONFLICT(email_id) DO UPDATE SET keys=excluded.keys,"
    " planned=excluded.planned, unplanned=excluded.unplanned, at=excluded.at,"
    " approved_by=CASE WHEN excluded.approved_by IS NULL"
    " AND keys=excluded.keys THEN approved_by ELSE excluded.approved_by END,"
    " approved_at=CASE WHEN excluded.approved_by IS NULL"
    " AND keys=excluded.keys THEN approved_at ELSE excluded.approved_at END";
static const char SQL_READ[] =
    "SELECT keys, planned, unplanned, approved_by, approved_at FROM plans"
    " WHERE email_id=?1";

int
plans_store(struct db *db, const struct ledger_decision_plan *p, int64_t now,
    struct fail *f)
{
	struct db_statement *st;

	if (transaction_begin(db, f) < 0)
		return -1;
	if (db_prepare(db, &st, SQL_STORE, f) == 0) {
		db_bind(st, 1, p->email_id);
		db_bind(st, 2, p->keys);
		db_bind_int(st, 3, p->planned);
		if (p->unplanned >= 0)
			db_bind_int(st, 4, p->unplanned);
		else
			db_bind_null(st, 4);
		db_bind_int(st, 5, now);
		db_bind(st, 6, p->approved_by);
		if (p->approved_by.p != NULL)
			db_bind_int(st, 7, p->approved_at);
		else
			db_bind_null(st, 7);
		if (db_step(db, st, f) == 0)
			return transaction_commit(db, f);
		db_fail(db, f, "ledger");
	}
	transaction_rollback(db);
	return -1;
}

static struct str
copy_column(struct db_statement *st, int column, struct arena *a)
{
	struct str s = db_text(st, column);

	return s.p != NULL ? arena_str(a, s) : s;
}

int
plans_read(struct db *db, struct str email_id, struct ledger_decision_plan *p,
    struct arena *a, struct fail *f)
{
	struct db_statement *st;
	int found;

	if (db_prepare(db, &st, SQL_READ, f) < 0)
		return -1;
	db_bind(st, 1, email_id);
	found = db_step(db, st, f);
	if (found == 1)
		*p = (struct ledger_decision_plan){.email_id = email_id,
		    .keys = copy_column(st, 0, a),
		    .planned = db_int(st, 1),
		    .unplanned = db_is_null(st, 2) ? -1 : db_int(st, 2),
		    .approved_by = copy_column(st, 3, a),
		    .approved_at = db_int(st, 4)};
	db_reset(st);
	return found;
}
