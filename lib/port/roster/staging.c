#include "port/roster/staging.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "port/roster/slices.h"
#include "port/roster/staging_identity.h"
#include "port/roster/staging_sql.h"

struct staging {
	struct db *db;
	struct staging_params params;
	struct db_statement *add;
	bool without_id; /* a row has no id */
};

static const char tables[] =
    "PRAGMA temp.journal_mode = OFF; PRAGMA temp.cache_size = -16000;"
    "CREATE TEMP TABLE staged(seq INTEGER PRIMARY KEY, line INTEGER, id TEXT,"
    " username TEXT, email TEXT, key TEXT, name TEXT, is_active INTEGER,"
    " last_login INTEGER, enrolled INTEGER, mode TEXT, cohort TEXT,"
    " role TEXT, data TEXT, derived INTEGER DEFAULT 0);"
    "CREATE TEMP TABLE change(id TEXT PRIMARY KEY, seq INTEGER,"
    " user INTEGER, enrollment INTEGER, role INTEGER, active INTEGER,"
    " shared INTEGER) WITHOUT ROWID;"
    "CREATE TEMP TABLE gone(id TEXT PRIMARY KEY) WITHOUT "
    "ROWID;" STAGING_IDENTITY_TABLES "BEGIN";

/* ids without a source are bound as they are: joining costs a copy each. */
static int
prepare_add(struct staging *s, struct fail *f)
{
	struct buf sql = {0};
	int r;

	buf_printf(&sql,
	    "INSERT INTO staged(line, id, username, email, key, name,"
	    " is_active, last_login, enrolled, mode, cohort, role, data)"
	    " VALUES(?1, %s?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0), ?9, ?10,"
	    " ?11, ?12, ?13)",
	    s->params.source.n > 0 ? "?14 || " : "");
	r = db_prepare(s->db, &s->add, buf_cstr(&sql), f);
	buf_free(&sql);
	return r;
}

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
	return prepare_add(s, f);
}

void
staging_close(struct staging *s)
{
	free(s);
}

/* The whole of a course (--sync) enrols without a word. */
static bool
tells_enrolment(const struct staging *s, const struct roster_row *p)
{
	const struct staging_params *params = &s->params;

	return !p->enrolled_unknown &&
	       (params->sync || params->columns->at[ROSTER_ENROLLED] >= 0);
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
	if (tells_enrolment(s, p))
		db_bind_int(s->add, 9, p->enrolled);
	else
		db_bind_null(s->add, 9);
	db_bind(s->add, 10, p->mode);
	db_bind(s->add, 11, p->cohort);
	db_bind(s->add, 12, p->role);
	db_bind(s->add, 13, p->data);
	db_bind(s->add, 14, s->params.source);
	s->without_id = s->without_id || p->id.p == NULL;
	return db_step(s->db, s->add, f);
}

/* Run a statement with the course as ?1, the role as ?2, the source as ?3. */
static int
run_statement(struct staging *s, const char *sql, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(s->db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, s->params.course_id);
	db_bind(st, 2, s->params.role);
	db_bind(st, 3, s->params.source);
	return db_step(s->db, st, f);
}

/*
 * Refuse the rows that a query yields: column 0 is the line, column 1 the line
 * that it repeats, or NULL, then id and address. The number of rows is in
 * *count.
 */
static int
refuse_rows(struct staging *s, const char *sql, const char *reason,
    const struct staging_hooks *hooks, long long *count, struct fail *f)
{
	struct db_statement *st;
	struct fail why;
	int r;

	*count = 0;
	if (db_prepare(s->db, &st, sql, f) < 0)
		return -1;
	while ((r = db_step(s->db, st, f)) == 1) {
		if (db_is_null(st, 1))
			fail_data(&why, "%s", reason);
		else
			fail_data(&why, "%s (line %lld)", reason,
			    (long long)db_int(st, 1));
		hooks->refuse(hooks->ctx,
		    &(struct staging_refused){(unsigned long)db_int(st, 0),
			db_text(st, 2), db_text(st, 3)},
		    &why);
		++*count;
	}
	return r;
}

/* ?3 is the source; users of other sources are other people. */
#define OF_SOURCE " AND substr(u.id, 1, length(?3)) = ?3"

/*
 * By username, else by address unless the usernames differ, else a new id. If
 * several users have that username or address, the row is of the one with the
 * same address or name.
 */
#define FIND_USER(condition)                                    \
	" (SELECT u.id FROM users u WHERE " condition OF_SOURCE \
	"  ORDER BY instr(u.id, ':') > 0, u.id LIMIT 1),"
#define BY_USERNAME "u.username = staged.username"
#define BY_KEY               \
	"u.key = staged.key" \
	" AND (staged.username IS NULL OR u.username IS NULL)"
static const char resolve_ids[] =
    "UPDATE staged SET derived = 1, id = coalesce(" FIND_USER(
	BY_USERNAME " AND u.key = staged.key") FIND_USER(BY_USERNAME)
	FIND_USER(BY_KEY " AND u.name = staged.name")
	    FIND_USER(BY_KEY) " ?3 || username, ?3 || key) WHERE id IS NULL";

/*
 * An id of a column that an older import took for a merge field: the person is
 * stored by address or user name, and stays so.
 */
static const char keep_ids[] =
    "UPDATE staged SET id = coalesce((SELECT u.id FROM users u"
    "  WHERE u.key = staged.key AND u.id IN (?3 || u.key, ?3 || u.username)"
    "  ORDER BY u.id LIMIT 1), id)"
    " WHERE NOT EXISTS(SELECT 1 FROM users v WHERE v.id = staged.id)";

static const char index_ids[] =
    "CREATE INDEX temp.staged_id ON staged(id, seq)";

/* Rows whose id a row before them has: their line, and that of the first. */
static const char find_repeated[] =
    "SELECT line, (SELECT line FROM staged t WHERE t.id = s.id"
    "  ORDER BY seq LIMIT 1) AS first, s.id, s.email"
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

static const char find_taken[] = "SELECT s.line, NULL, NULL, s.email" TAKEN_IDS;
static const char drop_taken[] =
    "DELETE FROM staged WHERE seq IN (SELECT s.seq" TAKEN_IDS ")";

/* Refuse rows and drop them; what finds none costs one query. */
static int
refuse_and_drop(struct staging *s, const char *find, const char *drop,
    const char *reason, const struct staging_hooks *hooks, struct fail *f)
{
	long long count;

	if (refuse_rows(s, find, reason, hooks, &count, f) < 0)
		return -1;
	return count > 0 ? db_exec(s->db, drop, f) : 0;
}

int
staging_resolve(
    struct staging *s, const struct staging_hooks *hooks, struct fail *f)
{
	if ((s->without_id && run_statement(s, resolve_ids, f) < 0) ||
	    (s->params.columns->likely[ROSTER_ID] &&
		run_statement(s, keep_ids, f) < 0) ||
	    db_exec(s->db, index_ids, f) < 0 ||
	    refuse_and_drop(s, find_repeated, drop_repeated,
		"the same person stands above", hooks, f) < 0 ||
	    (s->without_id &&
		refuse_and_drop(s, find_taken, drop_taken,
		    "its username is another person's user id", hooks, f) < 0))
		return -1;
	return db_exec(s->db, "COMMIT", f);
}

static int
read_diff(struct staging *s, struct staging_diff *d, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(s->db, &st,
		"SELECT (SELECT count(*) FROM staged), count(*),"
		" total(user = 1), total(user = 2), total(enrollment = 1),"
		" total(enrollment = 2), total(enrollment = 3), total(role),"
		" (SELECT count(*) FROM gone), (SELECT count(*) FROM judged),"
		" total(CASE WHEN ?1 IS NULL THEN enrollment = 1 ELSE role "
		"END),"
		" total(active AND enrollment NOT IN (1, 3)"
		"  AND (?1 IS NULL OR NOT role)),"
		" (SELECT count(*) FROM staged s JOIN enrollments e"
		"  ON e.user_id = s.id AND e.course_id = ?2"
		"  WHERE ?1 IS NULL AND s.enrolled IS NULL AND NOT e.is_active)"
		" FROM change",
		f) < 0)
		return -1;
	db_bind(st, 1, s->params.role);
	db_bind(st, 2, s->params.course_id);
	if (db_step(s->db, st, f) != 1)
		return -1;
	*d = (struct staging_diff){.rows = db_int(st, 0),
	    .unchanged = db_int(st, 0) - db_int(st, 1),
	    .users_added = db_int(st, 2),
	    .users_changed = db_int(st, 3),
	    .enrolled = db_int(st, 4),
	    .enrollments_changed = db_int(st, 5),
	    .unenrolled = db_int(st, 6),
	    .roles_added = db_int(st, 7),
	    .removed = db_int(st, 8),
	    .moved = db_int(st, 9),
	    .came = db_int(st, 10),
	    .changed = db_int(st, 11),
	    .away = db_int(st, 12),
	    .left = db_int(st, 6) + db_int(st, 8)};
	db_reset(st);
	return 0;
}

/* Fill tables change and gone. */
static int
fill_tables(struct staging *s, struct fail *f)
{
	struct buf sql = {0};
	int r;

	staging_sql_compare(&sql, &s->params);
	r = run_statement(s, buf_cstr(&sql), f);
	if (r == 0 && s->params.sync)
		r = run_statement(s,
		    s->params.role.p != NULL ? staging_sql_gone_roles
					     : staging_sql_gone_learners,
		    f);
	buf_free(&sql);
	return r;
}

/* One read transaction: all tables are filled from the same state. */
int
staging_compare(struct staging *s, const struct staging_hooks *hooks,
    struct staging_diff *d, struct fail *f)
{
	if (db_exec(s->db, "BEGIN", f) < 0 || fill_tables(s, f) < 0 ||
	    staging_identity_judge(s->db, &s->params, hooks, f) < 0 ||
	    read_diff(s, d, f) < 0)
		return -1;
	return db_exec(s->db, "COMMIT", f);
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

/* A statement that changes nothing for anybody is left out. */
static int
apply_changes(struct staging *s, struct fail *f)
{
	struct slices slices = {.course_id = s->params.course_id,
	    .role = s->params.role,
	    .progress = s->params.progress};
	struct db_statement **next = slices.apply;

	if (db_prepare(s->db, &slices.next, staging_sql_next_change, f) < 0 ||
	    prepare_built(s, next++, staging_sql_user, f) < 0)
		return -1;
	if (s->params.role.p == NULL &&
	    prepare_built(s, next++, staging_sql_enrollment, f) < 0)
		return -1;
	if ((s->params.role.p != NULL ||
		s->params.columns->at[ROSTER_ROLE] >= 0) &&
	    db_prepare(s->db, next, staging_sql_role, f) < 0)
		return -1;
	return slices_apply(s->db, &slices, f);
}

static int
apply_gone(struct staging *s, struct fail *f)
{
	struct slices slices = {.course_id = s->params.course_id,
	    .role = s->params.role,
	    .progress = s->params.progress};

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
