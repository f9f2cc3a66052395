#include "port/roster/staging.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "port/roster/slices.h"
#include "port/roster/staging_sql.h"

struct staging {
	struct db *db;
	struct staging_params params;
	struct db_statement *add;
};

static const char tables[] =
    "PRAGMA temp.journal_mode = OFF; PRAGMA temp.cache_size = -16000;"
    "CREATE TEMP TABLE staged(seq INTEGER PRIMARY KEY, line INTEGER, id TEXT,"
    " username TEXT, email TEXT, key TEXT, name TEXT, is_active INTEGER,"
    " last_login INTEGER, enrolled INTEGER, mode TEXT, cohort TEXT,"
    " role TEXT, data TEXT, derived INTEGER DEFAULT 0);"
    "CREATE TEMP TABLE change(id TEXT PRIMARY KEY, seq INTEGER,"
    " user INTEGER, enrollment INTEGER, role INTEGER) WITHOUT ROWID;"
    "CREATE TEMP TABLE gone(id TEXT PRIMARY KEY) WITHOUT ROWID;"
    "BEGIN";

int
staging_open(struct staging **out, struct db *db,
    const struct staging_params *params, struct fail *f)
{
	struct staging *s = mem_new(sizeof(*s));

	s->db = db;
	s->params = *params;
	*out = s;
	if (db_exec(db, tables, f) < 0)
		return -1;
	return db_prepare(db, &s->add,
	    "INSERT INTO staged(line, id, username, email, key, name,"
	    " is_active, last_login, enrolled, mode, cohort, role, data)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0), ?9, ?10, ?11,"
	    " ?12, ?13)",
	    f);
}

void
staging_close(struct staging *s)
{
	free(s);
}

int
staging_add(struct staging *s, unsigned long line, const struct roster_row *p,
    struct fail *f)
{
	if (roster_row_check_course(p, s->params.course_id, f) < 0)
		return -1;
	db_bind_int(s->add, 1, (int64_t)line);
	db_bind(s->add, 2, p->id);
	db_bind(s->add, 3, p->username);
	db_bind(s->add, 4, p->email);
	db_bind(s->add, 5, p->key);
	db_bind(s->add, 6, p->name);
	db_bind_int(s->add, 7, p->is_active);
	db_bind_int(s->add, 8, p->last_login);
	if (p->enrolled_unknown)
		db_bind_null(s->add, 9);
	else
		db_bind_int(s->add, 9, p->enrolled);
	db_bind(s->add, 10, p->mode);
	db_bind(s->add, 11, p->cohort);
	db_bind(s->add, 12, p->role);
	db_bind(s->add, 13, p->data);
	return db_step(s->db, s->add, f);
}

/*
 * Refuse the rows that a query yields: column 0 is the line, column 1 the line
 * that it repeats, or NULL.
 */
static int
refuse_rows(struct staging *s, const char *sql, const char *reason,
    staging_refuse_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st;
	struct fail why;
	int r;

	if (db_prepare(s->db, &st, sql, f) < 0)
		return -1;
	while ((r = db_step(s->db, st, f)) == 1) {
		if (db_is_null(st, 1))
			fail_data(&why, "%s", reason);
		else
			fail_data(&why, "%s (line %lld)", reason,
			    (long long)db_int(st, 1));
		fn(ctx, (unsigned long)db_int(st, 0), &why);
	}
	return r;
}

/* By username, else by address unless the usernames differ, else a new id. */
static const char resolve_ids[] =
    "UPDATE staged SET derived = 1, id = coalesce("
    " (SELECT u.id FROM users u WHERE u.username = staged.username"
    "  ORDER BY u.id LIMIT 1),"
    " (SELECT u.id FROM users u WHERE u.key = staged.key"
    "  AND (staged.username IS NULL OR u.username IS NULL)"
    "  ORDER BY u.id LIMIT 1),"
    " username, key) WHERE id IS NULL;"
    "CREATE INDEX temp.staged_id ON staged(id, seq)";

/* Rows whose id a row before them has: their line, and that of the first. */
static const char find_repeated[] =
    "SELECT line, (SELECT line FROM staged t WHERE t.id = s.id"
    "  ORDER BY seq LIMIT 1) AS first"
    " FROM staged s WHERE id IN"
    "  (SELECT id FROM staged GROUP BY id HAVING count(*) > 1)"
    " AND line <> first ORDER BY line";

static const char drop_repeated[] =
    "DELETE FROM staged WHERE id IN"
    "  (SELECT id FROM staged GROUP BY id HAVING count(*) > 1)"
    " AND seq > (SELECT min(seq) FROM staged t WHERE t.id = staged.id)";

/* New users whose id would be that of another stored user. */
#define TAKEN_IDS                                                    \
	" FROM staged s JOIN users u ON u.id = s.id WHERE s.derived" \
	" AND s.username IS NOT u.username AND s.key <> u.key"

static const char find_taken[] = "SELECT s.line, NULL" TAKEN_IDS;
static const char drop_taken[] =
    "DELETE FROM staged WHERE seq IN (SELECT s.seq" TAKEN_IDS ")";

int
staging_resolve(
    struct staging *s, staging_refuse_fn *fn, void *ctx, struct fail *f)
{
	if (db_exec(s->db, resolve_ids, f) < 0 ||
	    refuse_rows(s, find_repeated, "the same person stands above", fn,
		ctx, f) < 0 ||
	    db_exec(s->db, drop_repeated, f) < 0 ||
	    refuse_rows(s, find_taken,
		"its username is another person's user id", fn, ctx, f) < 0 ||
	    db_exec(s->db, drop_taken, f) < 0)
		return -1;
	return db_exec(s->db, "COMMIT", f);
}

/* Run a statement with the course as ?1 and the role as ?2. */
static int
run_statement(struct staging *s, const char *sql, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(s->db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, s->params.course_id);
	db_bind(st, 2, s->params.role);
	return db_step(s->db, st, f);
}

static int
read_diff(struct staging *s, struct staging_diff *d, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(s->db, &st,
		"SELECT (SELECT count(*) FROM staged), count(*),"
		" total(user = 1), total(user = 2), total(enrollment = 1),"
		" total(enrollment = 2), total(enrollment = 3), total(role),"
		" (SELECT count(*) FROM gone) FROM change",
		f) < 0 ||
	    db_step(s->db, st, f) != 1)
		return -1;
	*d = (struct staging_diff){.rows = db_int(st, 0),
	    .unchanged = db_int(st, 0) - db_int(st, 1),
	    .users_added = db_int(st, 2),
	    .users_changed = db_int(st, 3),
	    .enrolled = db_int(st, 4),
	    .enrollments_changed = db_int(st, 5),
	    .unenrolled = db_int(st, 6),
	    .roles_added = db_int(st, 7),
	    .removed = db_int(st, 8)};
	db_reset(st);
	return 0;
}

/* One read transaction: both tables are filled from the same state. */
int
staging_compare(struct staging *s, struct staging_diff *d, struct fail *f)
{
	struct buf sql = {0};
	int r;

	staging_sql_compare(&sql, &s->params);
	r = db_exec(s->db, "BEGIN", f);
	if (r == 0)
		r = run_statement(s, buf_cstr(&sql), f);
	if (r == 0 && s->params.sync)
		r = run_statement(s,
		    s->params.role.p != NULL ? staging_sql_gone_roles
					     : staging_sql_gone_learners,
		    f);
	if (r == 0)
		r = read_diff(s, d, f);
	buf_free(&sql);
	return r == 0 ? db_exec(s->db, "COMMIT", f) : -1;
}

static int
prepare_built(struct staging *s, struct db_statement **st,
    void build_sql(struct buf *, const struct staging_params *), struct fail *f)
{
	struct buf sql = {0};
	int r;

	build_sql(&sql, &s->params);
	r = db_prepare(s->db, st, buf_cstr(&sql), f);
	buf_free(&sql);
	return r;
}

static int
apply_changes(struct staging *s, struct fail *f)
{
	struct slices slices = {
	    .course_id = s->params.course_id, .role = s->params.role};

	if (db_prepare(s->db, &slices.next, staging_sql_next_change, f) < 0 ||
	    prepare_built(s, &slices.apply[0], staging_sql_user, f) < 0 ||
	    prepare_built(s, &slices.apply[1], staging_sql_enrollment, f) < 0 ||
	    db_prepare(s->db, &slices.apply[2], staging_sql_role, f) < 0)
		return -1;
	return slices_apply(s->db, &slices, f);
}

static int
apply_gone(struct staging *s, struct fail *f)
{
	struct slices slices = {
	    .course_id = s->params.course_id, .role = s->params.role};

	if (db_prepare(s->db, &slices.next, staging_sql_next_gone, f) < 0 ||
	    db_prepare(s->db, &slices.apply[0],
		s->params.role.p != NULL ? staging_sql_remove_role
					 : staging_sql_unenroll,
		f) < 0)
		return -1;
	return slices_apply(s->db, &slices, f);
}

int
staging_apply(struct staging *s, struct fail *f)
{
	return apply_changes(s, f) < 0 ? -1 : apply_gone(s, f);
}
