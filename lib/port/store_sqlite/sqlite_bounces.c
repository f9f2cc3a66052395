#include "port/store_sqlite/sqlite_bounces.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/bounce/bounce_register_ops.h"
#include "port/db/generation.h"

#define COLUMNS "email_id, key, kind, proof, class, enhanced, reply, at"
#define LIVE "kind IN ('hard', 'soft') AND cleared IS NULL" STANDS
/* An outcome that is failed no more was taken back, or tried again. */
#define STANDS                                                            \
	" AND (proof NOT IN ('smtp', 'smtp_once') OR NOT EXISTS(SELECT 1" \
	" FROM deliveries d WHERE d.email_id=bounces.email_id"            \
	" AND d.key=bounces.key AND d.state<>'failed'))"

static const char SQL_FIND[] =
    "SELECT kind, proof, at FROM bounces WHERE email_id=?1 AND key=?2";
static const char SQL_PUT[] =
    "INSERT OR REPLACE INTO bounces(" COLUMNS ", domain)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char SQL_ALL[] =
    "SELECT " COLUMNS " FROM bounces WHERE " LIVE " ORDER BY key, at";
static const char SQL_ONE[] = "SELECT " COLUMNS " FROM bounces WHERE key=?1 AND"
			      " " LIVE " ORDER BY at";
static const char SQL_CLEAR[] =
    "UPDATE bounces SET cleared=?3 WHERE (?1 IS NULL OR key=?1) AND at>=?2"
    " AND cleared IS NULL";
static const char SQL_COUNT[] =
    "SELECT coalesce(sum(kind IN ('hard', 'soft', 'policy')), 0),"
    " coalesce(sum(kind='complaint'), 0) FROM bounces WHERE email_id=?1"
    " AND proof NOT IN ('smtp', 'smtp_once')";
static const char SQL_HARD[] =
    "SELECT " COLUMNS " FROM bounces WHERE kind='hard' AND " LIVE
    " AND (email_id, domain) IN (SELECT email_id, domain FROM bounces"
    " WHERE kind='hard' AND cleared IS NULL GROUP BY 1, 2"
    " HAVING count(*)>?1) ORDER BY email_id, domain, at";
static const char SQL_RECIPIENTS[] =
    "SELECT count(*) FROM deliveries WHERE email_id=?1"
    " AND substr(key, -length(?2) - 1)='@' || ?2";
static const char SQL_SUCCESS[] =
    "SELECT coalesce(max(d.at), 0) FROM emails e CROSS JOIN deliveries d"
    " ON d.email_id=e.id AND d.key=?1 WHERE d.state='sent'"
    " AND e.id NOT LIKE '%~redirected' AND NOT EXISTS("
    "SELECT 1 FROM bounces b WHERE b.email_id=e.id AND b.key=?1)";
static const char SQL_FAILED[] =
    "SELECT state='failed' FROM deliveries WHERE email_id=?1 AND key=?2";
static const char SQL_LAST[] =
    "SELECT d.email_id FROM emails e CROSS JOIN deliveries d"
    " ON d.email_id=e.id AND d.key=?1 WHERE d.state IN ('sent', 'in_doubt')"
    " AND e.id NOT LIKE '%~redirected'"
    " ORDER BY d.at DESC LIMIT 1";

struct sqlite_bounces {
	struct bounce_register bounces; /* the first member */
	struct db *db;
};

static struct db *
database_of(struct bounce_register *r)
{
	return ((struct sqlite_bounces *)r)->db;
}

static int
look_row_up(struct bounce_register *r, struct str email_id, struct str key,
    struct bounce_register_weight *w, struct fail *f)
{
	struct db *db = database_of(r);
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_FIND, f) < 0)
		return -1;
	db_bind(st, 1, email_id);
	db_bind(st, 2, key);
	rc = db_step(db, st, f);
	if (rc == 1) {
		buf_addstr(&w->kind, db_text(st, 0));
		buf_addstr(&w->proof, db_text(st, 1));
		w->at = db_int(st, 2);
	}
	db_reset(st);
	return rc;
}

static int
replace_row(
    struct bounce_register *r, const struct bounce_row *row, struct fail *f)
{
	struct db *db = database_of(r);
	struct db_statement *st;

	if (generation_raise(db, f) < 0 || db_prepare(db, &st, SQL_PUT, f) < 0)
		return -1;
	db_bind(st, 1, row->email_id);
	db_bind(st, 2, row->key);
	db_bind(st, 3, row->kind);
	db_bind(st, 4, row->proof);
	db_bind(st, 5, row->class);
	db_bind(st, 6, row->enhanced);
	db_bind(st, 7, row->reply);
	db_bind_int(st, 8, row->at);
	db_bind(st, 9, str_behind(row->key, '@'));
	return db_step(db, st, f) < 0 ? -1 : 0;
}

/* Ends the statement. */
static int
visit_rows(struct db *db, struct db_statement *st, bounce_row_fn *fn, void *ctx,
    struct fail *f)
{
	int rc;

	while ((rc = db_step(db, st, f)) == 1) {
		const struct bounce_row row = {db_text(st, 0), db_text(st, 1),
		    db_text(st, 2), db_text(st, 3), db_text(st, 4),
		    db_text(st, 5), db_text(st, 6), db_int(st, 7)};

		rc = fn(ctx, &row, f);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

static int
each_row(struct bounce_register *r, struct str key, bounce_row_fn *fn,
    void *ctx, struct fail *f)
{
	struct db *db = database_of(r);
	struct db_statement *st;

	if (db_prepare(db, &st, key.p != NULL ? SQL_ONE : SQL_ALL, f) < 0)
		return -1;
	if (key.p != NULL)
		db_bind(st, 1, key);
	return visit_rows(db, st, fn, ctx, f);
}

static int
each_hard_row(struct bounce_register *r, long long least, bounce_row_fn *fn,
    void *ctx, struct fail *f)
{
	struct db *db = database_of(r);
	struct db_statement *st;

	if (db_prepare(db, &st, SQL_HARD, f) < 0)
		return -1;
	db_bind_int(st, 1, least);
	return visit_rows(db, st, fn, ctx, f);
}

static int
clear_rows(struct bounce_register *r, struct str key, int64_t since,
    int64_t now, long long *count, struct fail *f)
{
	struct db *db = database_of(r);
	struct db_statement *st;

	if (generation_raise(db, f) < 0 ||
	    db_prepare(db, &st, SQL_CLEAR, f) < 0)
		return -1;
	db_bind(st, 1, key);
	db_bind_int(st, 2, since);
	db_bind_int(st, 3, now);
	if (db_step(db, st, f) < 0)
		return -1;
	*count = db_changes(db);
	return 0;
}

static int
count_rows(struct bounce_register *r, struct str email_id, long long *bounced,
    long long *complained, struct fail *f)
{
	struct db *db = database_of(r);
	struct db_statement *st;
	int rc;

	*bounced = *complained = 0;
	if (db_prepare(db, &st, SQL_COUNT, f) < 0)
		return -1;
	db_bind(st, 1, email_id);
	rc = db_step(db, st, f);
	if (rc == 1) {
		*bounced = db_int(st, 0);
		*complained = db_int(st, 1);
	}
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

/* The first column of the one row of a query with two parameters at most. */
static int
read_column(struct db *db, const char *sql, struct str first, struct str second,
    int64_t *n, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, first);
	if (second.p != NULL)
		db_bind(st, 2, second);
	rc = db_step(db, st, f);
	*n = rc == 1 ? db_int(st, 0) : 0;
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

static int
count_recipients(struct bounce_register *r, struct str email_id,
    struct str domain, long long *count, struct fail *f)
{
	int64_t n = 0;
	int rc = read_column(
	    database_of(r), SQL_RECIPIENTS, email_id, domain, &n, f);

	*count = n;
	return rc;
}

static int
find_success(
    struct bounce_register *r, struct str key, int64_t *at, struct fail *f)
{
	return read_column(
	    database_of(r), SQL_SUCCESS, key, (struct str){0}, at, f);
}

static int
find_last(
    struct bounce_register *r, struct str key, struct buf *id, struct fail *f)
{
	struct db *db = database_of(r);
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_LAST, f) < 0)
		return -1;
	db_bind(st, 1, key);
	rc = db_step(db, st, f);
	if (rc == 1)
		buf_addstr(id, db_text(st, 0));
	db_reset(st);
	return rc;
}

static int
find_failed(struct bounce_register *r, struct str email_id, struct str key,
    bool *failed, struct fail *f)
{
	int64_t n = 0;
	int rc = read_column(database_of(r), SQL_FAILED, email_id, key, &n, f);

	*failed = n != 0;
	return rc;
}

static const struct bounce_register_ops operations = {
    .find = look_row_up,
    .put = replace_row,
    .each = each_row,
    .clear = clear_rows,
    .count = count_rows,
    .each_hard = each_hard_row,
    .recipients = count_recipients,
    .success = find_success,
    .last = find_last,
    .failed = find_failed,
};

struct bounce_register *
sqlite_bounces_new(struct store *store, struct db *db)
{
	struct sqlite_bounces *b = mem_new(sizeof(*b));

	b->bounces.ops = &operations;
	b->bounces.store = store;
	b->db = db;
	return &b->bounces;
}

void
sqlite_bounces_free(struct bounce_register *r)
{
	free(r);
}
