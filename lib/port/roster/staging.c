#include "port/roster/staging.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "port/db/transaction.h"
#include "port/roster/staging_sql.h"

#define SLICE_FIRST 500 /* rows in the first transaction */
#define SLICE_MIN 50
#define SLICE_MAX 4000
#define SLICE_NS 8000000 /* a longer one makes the next ones smaller */

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
staging_new(struct staging **out, struct db *db,
    const struct staging_params *params, struct fail *f)
{
	struct staging *s = mem_new(sizeof(*s));

	s->db = db;
	s->params = *params;
	*out = s;
	if (db_exec(db, tables, f) != 0)
		return -1;
	return db_prepare(db, &s->add,
	    "INSERT INTO staged(line, id, username, email, key, name,"
	    " is_active, last_login, enrolled, mode, cohort, role, data)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0), ?9, ?10, ?11,"
	    " ?12, ?13)",
	    f);
}

void
staging_free(struct staging *s)
{
	free(s);
}

int
staging_add(struct staging *s, unsigned long line, const struct roster_row *p,
    struct fail *f)
{
	if (roster_row_check_course(p, s->params.course_id, f) != 0)
		return -1;
	db_bind_int(s->add, 1, (int64_t)line);
	db_bind(s->add, 2, p->id);
	db_bind(s->add, 3, p->username);
	db_bind(s->add, 4, p->email);
	db_bind(s->add, 5, p->key);
	db_bind(s->add, 6, p->name);
	db_bind_int(s->add, 7, p->is_active);
	db_bind_int(s->add, 8, p->last_login);
	db_bind_int(s->add, 9, p->enrolled);
	db_bind(s->add, 10, p->mode);
	db_bind(s->add, 11, p->cohort);
	db_bind(s->add, 12, p->role);
	db_bind(s->add, 13, p->data);
	return db_step(s->db, s->add, f);
}

/* Rows of (line, line of the first or NULL) that cannot be taken. */
static int
refuse(struct staging *s, const char *sql, const char *reason,
    staging_refuse_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st;
	struct fail why;
	int r;

	if (db_prepare(s->db, &st, sql, f) != 0)
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

static const char resolve_ids[] =
    "UPDATE staged SET derived = 1, id = coalesce("
    " (SELECT u.id FROM users u WHERE u.username = staged.username"
    "  ORDER BY u.id LIMIT 1),"
    " (SELECT u.id FROM users u WHERE u.key = staged.key"
    "  AND (staged.username IS NULL OR u.username IS NULL)"
    "  ORDER BY u.id LIMIT 1),"
    " username, key) WHERE id IS NULL;"
    "CREATE INDEX temp.staged_id ON staged(id, seq)";

static const char find_twins[] =
    "SELECT line, (SELECT line FROM staged t WHERE t.id = s.id"
    "  ORDER BY seq LIMIT 1) AS first"
    " FROM staged s WHERE id IN"
    "  (SELECT id FROM staged GROUP BY id HAVING count(*) > 1)"
    " AND line <> first ORDER BY line";

static const char drop_twins[] =
    "DELETE FROM staged WHERE id IN"
    "  (SELECT id FROM staged GROUP BY id HAVING count(*) > 1)"
    " AND seq > (SELECT min(seq) FROM staged t WHERE t.id = staged.id)";

#define TAKEN                                                        \
	" FROM staged s JOIN users u ON u.id = s.id WHERE s.derived" \
	" AND s.username IS NOT u.username AND s.key <> u.key"

static const char find_taken[] = "SELECT s.line, NULL" TAKEN;
static const char drop_taken[] =
    "DELETE FROM staged WHERE seq IN (SELECT s.seq" TAKEN ")";

int
staging_resolve(
    struct staging *s, staging_refuse_fn *fn, void *ctx, struct fail *f)
{
	if (db_exec(s->db, resolve_ids, f) != 0 ||
	    refuse(s, find_twins, "the same person stands above", fn, ctx, f) !=
		0 ||
	    db_exec(s->db, drop_twins, f) != 0 ||
	    refuse(s, find_taken, "its username is another person's user id",
		fn, ctx, f) != 0 ||
	    db_exec(s->db, drop_taken, f) != 0)
		return -1;
	return db_exec(s->db, "COMMIT", f);
}

static int
run(struct staging *s, const char *sql, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(s->db, &st, sql, f) != 0)
		return -1;
	db_bind(st, 1, s->params.course_id);
	db_bind(st, 2, s->params.role);
	return db_step(s->db, st, f);
}

static int
count(struct staging *s, struct staging_diff *d, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(s->db, &st,
		"SELECT (SELECT count(*) FROM staged), count(*),"
		" total(user = 1), total(user = 2), total(enrollment = 1),"
		" total(enrollment = 2), total(enrollment = 3), total(role),"
		" (SELECT count(*) FROM gone) FROM change",
		f) != 0 ||
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

/* One read transaction, so that all is compared with the same state. */
int
staging_compare(struct staging *s, struct staging_diff *d, struct fail *f)
{
	struct buf sql = {0};
	int r;

	staging_sql_compare(&sql, &s->params);
	r = db_exec(s->db, "BEGIN", f);
	if (r == 0)
		r = run(s, buf_cstr(&sql), f);
	if (r == 0 && s->params.sync)
		r = run(s,
		    s->params.role.p != NULL ? staging_sql_gone_roles
					     : staging_sql_gone_learners,
		    f);
	if (r == 0)
		r = count(s, d, f);
	buf_free(&sql);
	return r == 0 ? db_exec(s->db, "COMMIT", f) : -1;
}

/* A loop over a TEMP table in slices, each a transaction. */
struct walk {
	struct db_statement *next;     /* ids after ?1, at most ?2 */
	struct db_statement *apply[3]; /* for id ?1, course ?2, role ?3 */
	struct buf last;
	struct arena *ids;
	struct str *id;
	size_t n, slice;
};

/* No SELECT may be open across a COMMIT: it would keep the old snapshot. */
static int
fetch(struct staging *s, struct walk *w, struct fail *f)
{
	int r;

	arena_reset(w->ids);
	w->n = 0;
	w->id = arena_alloc(w->ids, w->slice * sizeof(*w->id));
	db_bind(w->next, 1, buf_str(&w->last));
	db_bind_int(w->next, 2, (int64_t)w->slice);
	while ((r = db_step(s->db, w->next, f)) == 1) {
		struct str id = db_text(w->next, 0);

		w->id[w->n++] = arena_str(w->ids, id);
	}
	if (w->n > 0) {
		buf_reset(&w->last);
		buf_addstr(&w->last, w->id[w->n - 1]);
	}
	return r;
}

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* A parameter that a statement does not use is not bound. */
static int
apply_one(struct staging *s, struct walk *w, struct str id, struct fail *f)
{
	size_t i;

	for (i = 0; i < 3 && w->apply[i] != NULL; i++) {
		db_bind(w->apply[i], 1, id);
		db_bind(w->apply[i], 2, s->params.course_id);
		db_bind(w->apply[i], 3, s->params.role);
		if (db_step(s->db, w->apply[i], f) != 0)
			return -1;
	}
	return 0;
}

static int
apply_slice(struct staging *s, struct walk *w, struct fail *f)
{
	int64_t start;
	size_t i;

	if (transaction_begin(s->db, f) != 0)
		return -1;
	start = now_ns();
	for (i = 0; i < w->n; i++) {
		if (apply_one(s, w, w->id[i], f) != 0) {
			transaction_rollback(s->db);
			return -1;
		}
	}
	if (now_ns() - start > SLICE_NS && w->slice > SLICE_MIN)
		w->slice /= 2;
	else if (now_ns() - start < SLICE_NS / 2 && w->slice < SLICE_MAX)
		w->slice *= 2;
	return transaction_commit(s->db, f);
}

static int
apply_all(struct staging *s, struct walk *w, struct fail *f)
{
	int r;

	w->ids = arena_new();
	w->slice = SLICE_FIRST;
	while ((r = fetch(s, w, f)) == 0 && w->n > 0) {
		r = apply_slice(s, w, f);
		if (r != 0)
			break;
	}
	arena_free(w->ids);
	buf_free(&w->last);
	return r;
}

static int
prepare(struct staging *s, struct db_statement **st,
    void make(struct buf *, const struct staging_params *), struct fail *f)
{
	struct buf sql = {0};
	int r;

	make(&sql, &s->params);
	r = db_prepare(s->db, st, buf_cstr(&sql), f);
	buf_free(&sql);
	return r;
}

static int
apply_changes(struct staging *s, struct fail *f)
{
	struct walk w = {0};

	if (db_prepare(s->db, &w.next, staging_sql_next_change, f) != 0 ||
	    prepare(s, &w.apply[0], staging_sql_user, f) != 0 ||
	    prepare(s, &w.apply[1], staging_sql_enrollment, f) != 0 ||
	    db_prepare(s->db, &w.apply[2], staging_sql_role, f) != 0)
		return -1;
	return apply_all(s, &w, f);
}

static int
apply_gone(struct staging *s, struct fail *f)
{
	struct walk w = {0};

	if (db_prepare(s->db, &w.next, staging_sql_next_gone, f) != 0 ||
	    db_prepare(s->db, &w.apply[0],
		s->params.role.p != NULL ? staging_sql_remove_role
					 : staging_sql_unenroll,
		f) != 0)
		return -1;
	return apply_all(s, &w, f);
}

int
staging_apply(struct staging *s, struct fail *f)
{
	return apply_changes(s, f) != 0 ? -1 : apply_gone(s, f);
}
