#include "port/store_sqlite/sqlite_stops.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/db/transaction.h"
#include "port/relay/relay_stops_ops.h"

static const char SQL_EACH[] =
    "SELECT relay, account, scope, key, content, class, stage, enhanced, reply,"
    " code, at, until FROM stops"
    " WHERE (?1 IS NULL OR (relay=?1 AND (account=?2 OR scope='relay')))"
    " AND (until IS NULL OR (until>?3 AND at<=?3+?4))"
    " ORDER BY relay, account, scope<>'relay', scope<>'account', scope, key";
static const char SQL_PUT[] =
    "INSERT OR REPLACE INTO stops(relay, account, scope, key, content, class,"
    " stage, enhanced, reply, code, at, until)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, 0), ?11,"
    " nullif(?12, 0))";
static const char SQL_LIFT[] =
    "DELETE FROM stops WHERE (?1 IS NULL OR relay=?1)"
    " AND (?2 IS NULL OR account=?2 OR scope='relay')"
    " AND (?3 IS NULL OR scope=?3) AND (?4 IS NULL OR key=?4)"
    " AND (?5 IS NULL OR class=?5)";

struct sqlite_stops {
	struct relay_stops stops; /* the first member */
	struct db *db;
};

static struct db *
open_stops(struct relay_stops *stops)
{
	return ((struct sqlite_stops *)stops)->db;
}

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

static int
visit_stops(struct relay_stops *stops, struct str relay, struct str account,
    int64_t now, relay_stop_fn *fn, void *ctx, struct fail *f)
{
	struct db *db = open_stops(stops);
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_EACH, f) < 0)
		return -1;
	db_bind(st, 1, relay);
	db_bind(st, 2, account);
	db_bind_int(st, 3, now);
	db_bind_int(st, 4, RELAY_STOPS_AHEAD_MS);
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

static int
replace_stop(
    struct relay_stops *stops, const struct relay_stop *s, struct fail *f)
{
	struct db *db = open_stops(stops);
	struct db_statement *st;

	if (db_prepare(db, &st, SQL_PUT, f) < 0)
		return -1;
	db_bind(st, 1, s->relay);
	db_bind(st, 2, s->account);
	db_bind(st, 3, str_of(stop_scope_name(s->scope)));
	db_bind(st, 4, s->key);
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

static long long
delete_stops(struct relay_stops *stops, const struct relay_stop_choice *c,
    struct fail *f)
{
	struct db *db = open_stops(stops);
	struct str scope = {0};
	struct db_statement *st;

	if (db_prepare(db, &st, SQL_LIFT, f) < 0)
		return -1;
	if (c->scope >= 0)
		scope = str_of(stop_scope_name((enum stop_scope)c->scope));
	db_bind(st, 1, c->relay);
	db_bind(st, 2, c->account);
	db_bind(st, 3, scope);
	db_bind(st, 4, c->key);
	db_bind(st, 5, c->class);
	return change_stops(db, st, f);
}

static const struct relay_stops_ops operations = {
    .put = replace_stop,
    .each = visit_stops,
    .lift = delete_stops,
};

struct relay_stops *
sqlite_stops_new(struct db *db)
{
	struct sqlite_stops *s = mem_new(sizeof(*s));

	s->stops.ops = &operations;
	s->db = db;
	return &s->stops;
}

void
sqlite_stops_free(struct relay_stops *stops)
{
	free(stops);
}
