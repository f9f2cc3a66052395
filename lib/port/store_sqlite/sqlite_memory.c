#include "port/store_sqlite/sqlite_memory.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/relay/relay_memory.h"

/* In the column domain, besides domains: the window, and the lost replies. */
#define WINDOW ""
#define LOSSES "*"

static const char SQL_GET[] = "SELECT list, 0 FROM answers WHERE relay=?1"
			      " AND account=?2 AND domain=?3";
static const char SQL_SET[] =
    "INSERT INTO answers(relay, account, domain, list) VALUES(?1, ?2, ?3, ?4)"
    " ON CONFLICT DO UPDATE SET list=excluded.list";
static const char SQL_REMOVE[] =
    "DELETE FROM answers WHERE relay=?1 AND account=?2 AND domain=?3";
static const char SQL_GET_HABIT[] =
    "SELECT pipelining, at FROM relay_habits WHERE relay=?1 AND account=?2";
static const char SQL_SET_HABIT[] =
    "INSERT OR REPLACE INTO relay_habits(relay, account, pipelining, at)"
    " VALUES(?1, ?2, ?3, ?4)";
static const char SQL_REMOVE_HABIT[] =
    "DELETE FROM relay_habits WHERE relay=?1 AND account=?2";
static const char SQL_ANY[] =
    "SELECT 1 FROM answers WHERE relay=?1"
    " AND account=?2 AND domain<>'" LOSSES "' LIMIT 1";
static const char SQL_EACH[] =
    "SELECT domain, list FROM answers WHERE relay=?1 AND account=?2"
    " AND domain NOT IN ('" WINDOW "', '" LOSSES "')";
static const char SQL_CLEAR[] = "DELETE FROM answers WHERE relay=?1"
				" AND account=?2 AND domain<>'" LOSSES "'";

struct sqlite_memory {
	struct relay_memory memory; /* the first member */
	struct db *db;
};

static struct db *
open_memory(struct relay_memory *m)
{
	return ((struct sqlite_memory *)m)->db;
}

/* In every statement ?1 is the relay, ?2 the account, and ?3 of an answer the
 * domain. */
static int
prepare_topic(struct db *db, struct db_statement **st, const char *sql,
    const struct relay_memory_topic *t, struct fail *f)
{
	if (db_prepare(db, st, sql, f) < 0)
		return -1;
	db_bind(*st, 1, t->relay);
	db_bind(*st, 2, t->account);
	return 0;
}

static void
bind_domain(struct db_statement *st, const struct relay_memory_topic *t)
{
	if (t->kind == RELAY_MEMORY_WINDOW)
		db_bind(st, 3, STR(WINDOW));
	else if (t->kind == RELAY_MEMORY_LOSSES)
		db_bind(st, 3, STR(LOSSES));
	else
		db_bind(st, 3, t->domain);
}

static int
step_memory(struct db *db, struct db_statement *st, struct fail *f)
{
	int rc = db_step(db, st, f);

	return rc < 0 ? db_fail(db, f, "answers") : rc;
}

static int
read_topic(struct relay_memory *m, const struct relay_memory_topic *t,
    struct buf *text, int64_t *at, struct fail *f)
{
	bool habit = t->kind == RELAY_MEMORY_HABIT;
	struct db *db = open_memory(m);
	struct db_statement *st;
	int rc;

	*at = 0;
	if (prepare_topic(db, &st, habit ? SQL_GET_HABIT : SQL_GET, t, f) < 0)
		return -1;
	if (!habit)
		bind_domain(st, t);
	rc = step_memory(db, st, f);
	if (rc == 1) {
		buf_addstr(text, db_text(st, 0));
		*at = db_int(st, 1);
	}
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

static int
write_habit(struct db *db, const struct relay_memory_topic *t, struct str text,
    int64_t at, struct fail *f)
{
	const char *sql = text.n > 0 ? SQL_SET_HABIT : SQL_REMOVE_HABIT;
	struct db_statement *st;

	if (prepare_topic(db, &st, sql, t, f) < 0)
		return -1;
	if (text.n > 0) {
		db_bind(st, 3, text);
		db_bind_int(st, 4, at);
	}
	return db_step(db, st, f) < 0 ? db_fail(db, f, "relay_habits") : 0;
}

static int
write_topic(struct relay_memory *m, const struct relay_memory_topic *t,
    struct str text, int64_t at, struct fail *f)
{
	struct db *db = open_memory(m);
	struct db_statement *st;

	if (t->kind == RELAY_MEMORY_HABIT)
		return write_habit(db, t, text, at, f);
	if (prepare_topic(db, &st, text.n > 0 ? SQL_SET : SQL_REMOVE, t, f) < 0)
		return -1;
	bind_domain(st, t);
	if (text.n > 0)
		db_bind(st, 4, text);
	return step_memory(db, st, f);
}

static int
find_any(
    struct relay_memory *m, const struct relay_memory_topic *t, struct fail *f)
{
	struct db *db = open_memory(m);
	struct db_statement *st;
	int rc;

	if (prepare_topic(db, &st, SQL_ANY, t, f) < 0)
		return -1;
	rc = step_memory(db, st, f);
	db_reset(st);
	return rc;
}

static int
visit_outages(struct relay_memory *m, const struct relay_memory_topic *t,
    relay_memory_fn *fn, void *ctx, struct fail *f)
{
	struct db *db = open_memory(m);
	struct db_statement *st;
	int rc;

	if (prepare_topic(db, &st, SQL_EACH, t, f) < 0)
		return -1;
	while ((rc = step_memory(db, st, f)) == 1) {
		rc = fn(ctx, db_text(st, 0), db_text(st, 1), f);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

static int
clear_answers(
    struct relay_memory *m, const struct relay_memory_topic *t, struct fail *f)
{
	struct db *db = open_memory(m);
	struct db_statement *st;

	if (prepare_topic(db, &st, SQL_CLEAR, t, f) < 0)
		return -1;
	return step_memory(db, st, f) < 0 ? -1 : 0;
}

static const struct relay_memory_ops operations = {
    .get = read_topic,
    .set = write_topic,
    .any = find_any,
    .each = visit_outages,
    .clear = clear_answers,
};

struct relay_memory *
sqlite_memory_new(struct store *store, struct db *db)
{
	struct sqlite_memory *m = mem_new(sizeof(*m));

	m->memory = (struct relay_memory){&operations, store};
	m->db = db;
	return &m->memory;
}

void
sqlite_memory_free(struct relay_memory *m)
{
	free(m);
}
