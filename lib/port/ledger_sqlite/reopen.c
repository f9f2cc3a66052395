#include "port/ledger_sqlite/reopen.h"

#include "port/db/generation.h"

/* Of an uncertain mailing a later retry may be lost. */
#define CERTAIN " AND email_id NOT IN (SELECT id FROM emails WHERE uncertain)"

/* The index deliveries_refused has the rows that follow since. */
#define REOPEN                                                     \
	"UPDATE deliveries SET state='deferred', class='breaker'," \
	" next_try=nullif(?3, 0), reopened=?4"                     \
	" WHERE print IS NOT NULL AND at>=?2 AND owner IS NULL"    \
	" AND relay=?1 AND state='failed'" CERTAIN

static const char SQL_EQUAL[] = REOPEN " AND print=?5";
/* These have their outcome already, so that they do not count as reopened. */
static const char SQL_DEFERRED[] =
    "UPDATE deliveries SET class='breaker', next_try=nullif(?3, 0)"
    " WHERE print IS NOT NULL AND at>=?2 AND owner IS NULL AND relay=?1"
    " AND state='deferred' AND class<>'breaker' AND print=?4" CERTAIN;
static const char SQL_DOMAIN[] =
    REOPEN " AND class IN ('bad_mailbox', 'bad_domain')"
	   " AND substr(key, -length(?5) - 1)='@' || ?5";

static struct db_statement *
bind_common(struct db_statement *st, const struct ledger_decision_reopen *r)
{
	db_bind(st, 1, r->relay);
	db_bind_int(st, 2, r->since);
	db_bind_int(st, 3, r->next_try);
	return st;
}

/* The number of rows that the statement has changed. */
static long long
change_rows(struct db *db, struct db_statement *st, struct fail *f)
{
	if (db_step(db, st, f) < 0)
		return db_fail(db, f, "ledger");
	return db_changes(db);
}

static long long
reopen_failed(
    struct db *db, const struct ledger_decision_reopen *r, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, r->print != 0 ? SQL_EQUAL : SQL_DOMAIN, f) < 0)
		return -1;
	bind_common(st, r);
	db_bind_int(st, 4, r->now);
	if (r->print != 0)
		db_bind_int(st, 5, (int64_t)r->print);
	else
		db_bind(st, 5, r->domain);
	return change_rows(db, st, f);
}

static long long
mark_deferred(
    struct db *db, const struct ledger_decision_reopen *r, struct fail *f)
{
	struct db_statement *st;

	if (r->print == 0)
		return 0;
	if (db_prepare(db, &st, SQL_DEFERRED, f) < 0)
		return -1;
	bind_common(st, r);
	db_bind_int(st, 4, (int64_t)r->print);
	return change_rows(db, st, f);
}

long long
reopen_rows(
    struct db *db, const struct ledger_decision_reopen *r, struct fail *f)
{
	long long failed = reopen_failed(db, r, f), deferred;

	if (failed < 0)
		return -1;
	deferred = mark_deferred(db, r, f);
	if (deferred < 0 ||
	    (failed + deferred > 0 && generation_raise(db, f) < 0))
		return -1;
	return failed;
}
