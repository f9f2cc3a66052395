#include "port/relay/relay_habits.h"

#include "port/db/transaction.h"

#define LIFE_MS (RELAY_HABITS_DAYS * INT64_C(24) * 3600 * 1000)

static const char sql_get[] =
    "SELECT pipelining FROM relay_habits WHERE relay=?1 AND account=?2"
    /* what a clock far ahead of ours has learned does not count */
    " AND at<=?3+60000 AND at>?3-?4";
static const char sql_put[] =
    "INSERT OR REPLACE INTO relay_habits(relay, account, pipelining, at)"
    " VALUES(?1, ?2, ?3, ?4)";

/* In the database; the order of enum pipelining_use. */
static const char *const names[] = {"full", "envelope", "none"};

static enum pipelining_use
parse_use(struct str name)
{
	if (str_is(name, names[PIPELINING_ENVELOPE]))
		return PIPELINING_ENVELOPE;
	return str_is(name, names[PIPELINING_NONE]) ? PIPELINING_NONE
						    : PIPELINING_FULL;
}

int
relay_habits_get(struct db *db, struct str relay, struct str account,
    int64_t now, enum pipelining_use *use, struct fail *f)
{
	struct db_statement *st;
	int rc;

	*use = PIPELINING_FULL;
	if (db_prepare(db, &st, sql_get, f) < 0)
		return -1;
	db_bind(st, 1, relay);
	db_bind(st, 2, account);
	db_bind_int(st, 3, now);
	db_bind_int(st, 4, LIFE_MS);
	rc = db_step(db, st, f);
	if (rc == 1)
		*use = parse_use(db_text(st, 0));
	db_reset(st);
	return rc < 0 ? db_fail(db, f, "relay_habits") : 0;
}

int
relay_habits_put(struct db *db, struct str relay, struct str account,
    int64_t now, enum pipelining_use use, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, sql_put, f) < 0)
		return -1;
	db_bind(st, 1, relay);
	db_bind(st, 2, account);
	db_bind(st, 3, str_of(names[use]));
	db_bind_int(st, 4, now);
	if (transaction_begin(db, f) < 0)
		return -1;
	if (db_step(db, st, f) < 0) {
		db_fail(db, f, "relay_habits");
		transaction_rollback(db);
		return -1;
	}
	return transaction_commit(db, f);
}
