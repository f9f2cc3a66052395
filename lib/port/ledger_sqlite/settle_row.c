#include "port/ledger_sqlite/settle_row.h"

#include "mail/record/outcome.h"
#include "port/db/generation.h"

static const char SQL_ROW[] =
    "SELECT state FROM deliveries WHERE email_id=?1 AND key=?2";
static const char SQL_SENT[] =
    "UPDATE deliveries SET state='sent', class='ok', next_try=NULL,"
    " queue_id=coalesce(?3, queue_id),"
    " reply='settled by the operator: sent'"
    " WHERE email_id=?1 AND key=?2 AND state='in_doubt' AND owner IS NULL";
/* As after a lost connection; the lifetime begins anew. */
static const char SQL_REOPEN[] =
    "UPDATE deliveries SET state='deferred', class='connection', first=NULL,"
    " next_try=?3, reply='settled by the operator: not sent'"
    " WHERE email_id=?1 AND key=?2 AND state='in_doubt' AND owner IS NULL";

/* 1 with the row's status in *was; 0 without a row. */
static int
read_status(struct db *db, const struct ledger_decision_word *w, int *was,
    struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_ROW, f) < 0)
		return -1;
	db_bind(st, 1, w->email_id);
	db_bind(st, 2, w->key);
	rc = db_step(db, st, f);
	if (rc < 0)
		return db_fail(db, f, "ledger");
	*was = rc == 1 ? outcome_status_parse(db_text(st, 0)) : -1;
	db_reset(st);
	return rc;
}

static int
change_row(struct db *db, const struct ledger_decision_word *w, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, w->sent ? SQL_SENT : SQL_REOPEN, f) < 0)
		return -1;
	db_bind(st, 1, w->email_id);
	db_bind(st, 2, w->key);
	if (w->sent)
		db_bind(st, 3, w->queue_id);
	else
		db_bind_int(st, 3, w->now);
	if (generation_raise(db, f) < 0)
		return -1;
	return db_step(db, st, f) < 0 ? db_fail(db, f, "ledger") : 0;
}

int
settle_row(struct db *db, const struct ledger_decision_word *w, int *was,
    struct fail *f)
{
	int rc = read_status(db, w, was, f);

	if (rc == 1 && *was == OUTCOME_IN_DOUBT && change_row(db, w, f) < 0)
		return -1;
	return rc;
}
