#include "port/ledger_sqlite/decision.h"

#include "port/db/generation.h"
#include "port/db/transaction.h"

static const char SQL_STATE[] = "SELECT state FROM emails WHERE id=?1";
/* The condition stands in the statement, as another process may cancel now. */
static const char SQL_SET_STATE[] =
    "UPDATE emails SET state=?2 WHERE id=?1"
    " AND state<>'pruned' AND (state<>'cancelled' OR ?2='cancelled')";
static const char SQL_ASSUME[] =
    "UPDATE deliveries SET state='sent', class='ok', at=?2,"
    " reply='assumed sent by the operator'"
    " WHERE email_id=?1 AND state='in_doubt'";
static const char SQL_ENTER[] =
    "INSERT INTO emails(id, course_id, content, created, uncertain)"
    " VALUES(?1, ?2, ?3, ?4, 1) ON CONFLICT(id) DO UPDATE SET uncertain=1";
static const char SQL_KNOWN[] = "SELECT 1 FROM emails WHERE id=?1";
static const char SQL_ALL[] = "UPDATE emails SET uncertain=1";
static const char SQL_DOUBT[] =
    "UPDATE deliveries SET state='in_doubt', class='no_reply', next_try=NULL"
    " WHERE state='deferred' AND owner IS NULL AND email_id IN"
    "(SELECT id FROM emails WHERE uncertain)";
static const char SQL_COUNT[] = "SELECT count(*) FROM emails WHERE uncertain";

/* Runs one statement as a transaction; the number of rows it changed. */
static long long
commit_change(struct db *db, struct db_statement *st, struct fail *f)
{
	long long changed;
	int rc;

	if (transaction_begin(db, f) < 0)
		return -1;
	rc = generation_raise(db, f);
	if (rc == 0 && db_step(db, st, f) < 0)
		rc = db_fail(db, f, "ledger");
	if (rc < 0) {
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
	enum ledger_state state = LEDGER_OPEN;

	if (find_state(db, email_id, &state, f) < 0)
		return -1;
	return ledger_state_refuse(state, email_id, f);
}

int
decision_set_state(
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
decision_assume_sent(struct db *db, struct str email_id, int64_t now,
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

/* Runs a statement without parameters or rows. */
static int
execute_sql(struct db *db, const char *sql, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	return db_step(db, st, f) < 0 ? db_fail(db, f, "ledger") : 0;
}

/* The first column of the row that a query about an id finds; 0 without. */
static int
read_count(struct db *db, const char *sql, struct str id, int64_t *count,
    struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	if (id.p != NULL)
		db_bind(st, 1, id);
	rc = db_step(db, st, f);
	*count = rc == 1 ? db_int(st, 0) : 0;
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

struct marking {
	struct db *db;
	int64_t now;
};

static int
mark_mailing(void *ctx, const struct generation_file_mailing *m, struct fail *f)
{
	struct marking *k = ctx;
	struct db_statement *st;

	if (db_prepare(k->db, &st, SQL_ENTER, f) < 0)
		return -1;
	db_bind(st, 1, m->id);
	db_bind(st, 2, m->course.p != NULL ? m->course : STR(""));
	db_bind(st, 3, m->content);
	db_bind_int(st, 4, k->now);
	return db_step(k->db, st, f) < 0 ? db_fail(k->db, f, "ledger") : 0;
}

int
decision_mark_uncertain(struct db *db, struct str email_id, int64_t now,
    bool *known, struct fail *f)
{
	struct marking k = {db, now};
	struct generation_file_mailing m = {.id = email_id};
	int64_t count;

	if (transaction_begin(db, f) < 0)
		return -1;
	if (generation_raise(db, f) < 0 ||
	    read_count(db, SQL_KNOWN, email_id, &count, f) < 0 ||
	    mark_mailing(&k, &m, f) < 0 || execute_sql(db, SQL_DOUBT, f) < 0) {
		transaction_rollback(db);
		return -1;
	}
	*known = count > 0;
	return transaction_commit(db, f);
}

/* 1: accepted, and to be committed. */
static int
accept_and_mark(struct db *db, int64_t now, struct ledger_decision_accepted *a,
    struct fail *f)
{
	struct marking k = {db, now};
	struct generation_age age;
	int64_t count;
	int rc = generation_accept(db, mark_mailing, &k, &age, f);

	if (rc <= 0)
		return rc;
	if ((age.all && execute_sql(db, SQL_ALL, f) < 0) ||
	    execute_sql(db, SQL_DOUBT, f) < 0 ||
	    read_count(db, SQL_COUNT, (struct str){0}, &count, f) < 0)
		return -1;
	*a = (struct ledger_decision_accepted){count, age.at};
	return 1;
}

int
decision_accept_older(struct db *db, int64_t now,
    struct ledger_decision_accepted *a, struct fail *f)
{
	int rc;

	if (transaction_begin(db, f) < 0)
		return -1;
	rc = accept_and_mark(db, now, a, f);
	if (rc <= 0)
		transaction_rollback(db);
	else if (transaction_commit(db, f) < 0)
		rc = -1;
	return rc;
}
