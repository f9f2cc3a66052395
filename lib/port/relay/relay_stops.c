#include "port/relay/relay_stops.h"

#include "base/buf.h"
#include "base/num.h"
#include "port/db/transaction.h"

static const char sql_find[] =
    "SELECT class, reply, at, until FROM stops"
    " WHERE relay=?1 AND account=?2 AND (until IS NULL OR until>?3)"
    /* a stop from a clock far ahead of ours does not count */
    " AND (until IS NULL OR at<=?3+60000)";
static const char sql_put[] =
    "INSERT OR REPLACE INTO stops(relay, account, class, reply, at, until)"
    " VALUES(?1, ?2, ?3, ?4, ?5, nullif(?6, 0))";
static const char sql_clear[] =
    "DELETE FROM stops WHERE relay=?1 AND account=?2"
    " AND (?3 IS NULL OR class=?3)";

static int
prepare_stop(struct db *db, struct db_statement **st, const char *sql,
    const char *relay, const char *account, struct fail *f)
{
	if (db_prepare(db, st, sql, f) < 0)
		return -1;
	db_bind(*st, 1, str_of(relay));
	db_bind(*st, 2, str_of(account));
	return 0;
}

/* Fill in the failure from the row; 1 or -1, as relay_stops_check(). */
static int
describe_stop(struct db_statement *st, const char *relay, struct fail *f)
{
	struct str class = db_text(st, 0), reply = db_text(st, 1);
	int64_t until = db_int(st, 3);
	struct buf text = {0};

	buf_printf(&text, "%s refused us at ", relay);
	num_rfc3339(&text, db_int(st, 2));
	buf_printf(&text, " (%.*s: %.*s); ", (int)class.n, class.p,
	    (int)reply.n, reply.n > 0 ? reply.p : "");
	if (until != 0) {
		buf_adds(&text, "nothing is sent through it before ");
		num_rfc3339(&text, until);
		fail_temp(f, "%s", buf_cstr(&text));
	} else {
		fail_system(f, "%swhen that is mended run bm-send --check",
		    buf_cstr(&text));
	}
	buf_free(&text);
	return until != 0 ? -1 : 1;
}

int
relay_stops_check(struct db *db, const char *relay, const char *account,
    int64_t now, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (prepare_stop(db, &st, sql_find, relay, account, f) < 0)
		return -1;
	db_bind_int(st, 3, now);
	rc = db_step(db, st, f);
	if (rc == 1)
		rc = describe_stop(st, relay, f);
	else if (rc < 0)
		db_fail(db, f, "stops");
	db_reset(st);
	return rc;
}

static int
change_stop(struct db *db, struct db_statement *st, struct fail *f)
{
	if (transaction_begin(db, f) < 0)
		return -1;
	if (db_step(db, st, f) < 0) {
		db_fail(db, f, "stops");
		transaction_rollback(db);
		return -1;
	}
	return transaction_commit(db, f);
}

int
relay_stops_put(struct db *db, const char *relay, const char *account,
    const struct outcome *why, int64_t at, struct fail *f)
{
	struct db_statement *st;

	if (prepare_stop(db, &st, sql_put, relay, account, f) < 0)
		return -1;
	db_bind(st, 3, str_of(why->class));
	db_bind(st, 4, why->reply);
	db_bind_int(st, 5, at);
	db_bind_int(st, 6, why->next_try);
	return change_stop(db, st, f);
}

int
relay_stops_clear(struct db *db, const char *relay, const char *account,
    const char *class, struct fail *f)
{
	struct db_statement *st;

	if (prepare_stop(db, &st, sql_clear, relay, account, f) < 0)
		return -1;
	db_bind(st, 3, class != NULL ? str_of(class) : (struct str){0});
	return change_stop(db, st, f);
}
