#include "port/relay/relay_stops.h"

#include "base/buf.h"
#include "port/db/transaction.h"

static const char sql_each[] =
    "SELECT relay, account, scope, key, content, class, stage, enhanced, reply,"
    " code, at, until FROM stops"
    " WHERE (?1 IS NULL OR (relay=?1 AND (account=?2 OR scope='relay')))"
    " AND (until IS NULL OR (until>?3"
    /* a stop from a clock far ahead of ours does not count */
    " AND at<=?3+60000))"
    " ORDER BY relay, account, scope<>'relay', scope<>'account', scope, key";
static const char sql_put[] =
    "INSERT OR REPLACE INTO stops(relay, account, scope, key, content, class,"
    " stage, enhanced, reply, code, at, until)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, 0), ?11,"
    " nullif(?12, 0))";
static const char sql_lift[] =
    "DELETE FROM stops WHERE (?1 IS NULL OR relay=?1)"
    " AND (?2 IS NULL OR account=?2 OR scope='relay')"
    " AND (?3 IS NULL OR scope=?3) AND (?4 IS NULL OR key=?4)"
    " AND (?5 IS NULL OR class=?5)";

static struct relay_stop
read_stop(struct db_statement *st)
{
	int scope = stop_scope_parse(db_text(st, 2));

	return (struct relay_stop){.relay = db_text(st, 0),
	    .account = db_text(st, 1),
	    .scope = scope < 0 ? STOP_SCOPE_RELAY : (enum stop_scope)scope,
	    .key = db_text(st, 3),
	    .content = db_text(st, 4),
	    .class = db_text(st, 5),
	    .stage = db_text(st, 6),
	    .enhanced = db_text(st, 7),
	    .reply = db_text(st, 8),
	    .code = (int)db_int(st, 9),
	    .at = db_int(st, 10),
	    .until = db_int(st, 11)};
}

int
relay_stops_each(struct db *db, struct str relay, struct str account,
    int64_t now, relay_stops_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, sql_each, f) < 0)
		return -1;
	db_bind(st, 1, relay);
	db_bind(st, 2, account);
	db_bind_int(st, 3, now);
	while ((rc = db_step(db, st, f)) == 1) {
		struct relay_stop stop = read_stop(st);

		rc = fn(ctx, &stop, f);
		if (rc != 0) {
			db_reset(st);
			return rc;
		}
	}
	return rc < 0 ? db_fail(db, f, "stops") : 0;
}

/* The failure of a stop that concerns everything; as relay_stops_check(). */
static int
describe_whole(void *ctx, const struct relay_stop *s, struct fail *f)
{
	struct buf text = {0};

	(void)ctx;
	if (!stop_scope_is_whole(s->scope))
		return 0;
	relay_stop_describe(&text, s);
	if (s->until != 0)
		fail_temp(f, "%s", buf_cstr(&text));
	else
		fail_system(f, "%s", buf_cstr(&text));
	buf_free(&text);
	return s->until != 0 ? -1 : 1;
}

int
relay_stops_check(struct db *db, struct str relay, struct str account,
    int64_t now, struct fail *f)
{
	return relay_stops_each(
	    db, relay, account, now, describe_whole, NULL, f);
}

/* The number of rows that the statement changed. */
static long long
change_stops(struct db *db, struct db_statement *st, struct fail *f)
{
	long long changed;

	if (transaction_begin(db, f) < 0)
		return -1;
	if (db_step(db, st, f) < 0) {
		db_fail(db, f, "stops");
		transaction_rollback(db);
		return -1;
	}
	changed = db_changes(db);
	return transaction_commit(db, f) < 0 ? -1 : changed;
}

int
relay_stops_put(struct db *db, const struct relay_stop *s, struct fail *f)
{
	struct db_statement *st;
	bool all = s->scope == STOP_SCOPE_RELAY;

	if (db_prepare(db, &st, sql_put, f) < 0)
		return -1;
	db_bind(st, 1, s->relay);
	db_bind(st, 2, all || s->account.p == NULL ? STR("") : s->account);
	db_bind(st, 3, str_of(stop_scope_name(s->scope)));
	db_bind(st, 4, s->key.p == NULL ? STR("") : s->key);
	db_bind(st, 5, s->content);
	db_bind(st, 6, s->class);
	db_bind(st, 7, s->stage);
	db_bind(st, 8, s->enhanced);
	db_bind(st, 9, s->reply);
	db_bind_int(st, 10, s->code);
	db_bind_int(st, 11, s->at);
	db_bind_int(st, 12, s->until);
	return change_stops(db, st, f) < 0 ? -1 : 0;
}

long long
relay_stops_lift(
    struct db *db, const struct relay_stops_choice *c, struct fail *f)
{
	struct db_statement *st;
	struct str any = {0};

	if (db_prepare(db, &st, sql_lift, f) < 0)
		return -1;
	db_bind(st, 1, c->relay);
	db_bind(st, 2, c->account);
	db_bind(st, 3,
	    c->scope < 0 ? any
			 : str_of(stop_scope_name((enum stop_scope)c->scope)));
	db_bind(st, 4, c->key);
	db_bind(st, 5, c->class);
	return change_stops(db, st, f);
}
