#include "port/roster/staging_identity.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "mail/roster/identity.h"

#define COURSES_SHOWN 3

struct judge {
	struct db *db;
	const struct staging_params *params;
	const struct staging_hooks *hooks;
	struct db_statement *moved, *courses, *keep;
};

/*
 * An address as it was is the same, even if its key was made by other rules.
 * A row that got its id by a username may be of another person all the same:
 * if several have that username, or if another source gave the id.
 */
static const char find_moved[] =
    "SELECT s.seq, s.line, s.id, u.username, u.name, u.email, u.key,"
    " s.username, s.name, s.email, s.key, s.derived AND ("
    "  (SELECT count(*) FROM users x WHERE x.username = s.username"
    "   AND substr(x.id, 1, length(?1)) = ?1) > 1"
    "  OR (?1 = '' AND instr(u.id, ':') > 0 AND u.id <> s.username))"
    " FROM change c JOIN staged s ON s.seq = c.seq JOIN users u ON u.id = c.id"
    " WHERE c.user = 2 AND u.key <> s.key AND u.email <> s.email"
    " ORDER BY s.seq";

static const char find_courses[] =
    "SELECT id FROM courses c WHERE id <> ?1"
    " AND (EXISTS(SELECT 1 FROM enrollments e WHERE e.course_id = c.id"
    "  AND e.user_id = ?2 AND e.is_active)"
    " OR EXISTS(SELECT 1 FROM roles r WHERE r.course_id = c.id"
    "  AND r.user_id = ?2)) ORDER BY id";

static const char keep_judged[] = "INSERT INTO judged VALUES(?1, ?2, ?3)";

/* The rows of other people are as if they did not stand in the file. */
static const char drop_others[] =
    "DELETE FROM change WHERE id IN (SELECT id FROM judged WHERE other);"
    "DELETE FROM staged WHERE seq IN (SELECT seq FROM judged WHERE other);"
    "DELETE FROM judged WHERE other";

static void
add_str(struct buf *b, struct str s, size_t max)
{
	buf_add(b, s.p, utf8_cut(s, max));
}

/* "id 1" */
static void
add_id(struct buf *b, struct str id)
{
	buf_adds(b, "id ");
	add_str(b, id, 100);
}

static void
refuse_other(const struct judge *j, unsigned long line, struct str id,
    const struct identity *known, const struct identity *now)
{
	struct buf b = {0};
	struct fail why;

	add_id(&b, id);
	buf_adds(&b, " is ");
	identity_put(&b, known, now);
	buf_adds(&b, ", this file says ");
	identity_put(&b, now, known);
	buf_adds(&b, " (--change-people if they are one person, --source NAME "
		     "if the ids are another system's)");
	fail_data(&why, "%s", buf_cstr(&b));
	j->hooks->refuse(j->hooks->ctx,
	    &(struct staging_refused){line, id, now->email}, &why);
	buf_free(&b);
}

/* ", also in COURSE, COURSE and N more" */
static int
add_courses(const struct judge *j, struct buf *b, struct str id, struct fail *f)
{
	long long n = 0;
	int r;

	db_bind(j->courses, 1, j->params->course_id);
	db_bind(j->courses, 2, id);
	while ((r = db_step(j->db, j->courses, f)) == 1) {
		if (++n > COURSES_SHOWN)
			continue;
		buf_adds(b, n == 1 ? ", also in " : ", ");
		add_str(b, db_text(j->courses, 0), 255);
	}
	if (n > COURSES_SHOWN)
		buf_printf(b, " and %lld more", n - COURSES_SHOWN);
	return r;
}

static int
note_moved(const struct judge *j, unsigned long line, struct str id,
    const struct identity *known, const struct identity *now, struct fail *f)
{
	struct identity here = *now;
	struct buf b = {0};
	int r;

	add_id(&b, id);
	buf_adds(&b, ": ");
	identity_put(&b, known, now);
	buf_adds(&b, " -> ");
	if (identity_judge(known, now) == IDENTITY_MOVED)
		here.username = here.name = (struct str){0};
	identity_put(&b, &here, known);
	r = add_courses(j, &b, id, f);
	if (r == 0)
		j->hooks->note(j->hooks->ctx, line, buf_str(&b));
	buf_free(&b);
	return r;
}

static struct identity
read_identity(struct db_statement *st, int column)
{
	return (struct identity){.username = db_text(st, column),
	    .name = db_text(st, column + 1),
	    .email = db_text(st, column + 2),
	    .key = db_text(st, column + 3)};
}

static int
judge_row(const struct judge *j, struct fail *f)
{
	unsigned long line = (unsigned long)db_int(j->moved, 1);
	struct str id = db_text(j->moved, 2);
	struct identity known = read_identity(j->moved, 3);
	struct identity now = read_identity(j->moved, 7);
	bool other = !j->params->change_people &&
		     (db_int(j->moved, 11) != 0 ||
			 identity_judge(&known, &now) == IDENTITY_OTHER);

	if (other)
		refuse_other(j, line, id, &known, &now);
	else if (note_moved(j, line, id, &known, &now, f) < 0)
		return -1;
	db_bind(j->keep, 1, id);
	db_bind_int(j->keep, 2, db_int(j->moved, 0));
	db_bind_int(j->keep, 3, other);
	return db_step(j->db, j->keep, f);
}

static int
judge_moved(const struct judge *j, struct fail *f)
{
	int r;

	db_bind(j->moved, 1, j->params->source);
	while ((r = db_step(j->db, j->moved, f)) == 1) {
		if (judge_row(j, f) < 0)
			return -1;
	}
	return r < 0 ? -1 : db_exec(j->db, drop_others, f);
}

/* Rows that share their address with a user who keeps it. */
static const char find_known_sharer[] =
    "SELECT s.line, s.id, s.email, u.id, u.username, u.name, u.email, NULL"
    " FROM change c CROSS JOIN staged s ON s.seq = c.seq"
    " CROSS JOIN users u ON u.key = s.key AND u.id <> c.id"
    " WHERE c.shared AND u.id NOT IN (SELECT id FROM judged) ORDER BY s.seq";

static const char find_shared[] =
    "INSERT INTO shared SELECT key, min(seq) FROM staged"
    " WHERE (SELECT total(user = 1) FROM change)"
    "  + (SELECT count(*) FROM judged) > 1 GROUP BY key HAVING count(*) > 1";

/* Rows of which an earlier one has the address, if both are new with it. */
#define IS_FRESH(row)                                          \
	" AND EXISTS(SELECT 1 FROM change c WHERE c.id = " row \
	".id AND (c.user = 1 OR c.id IN (SELECT id FROM judged)))"
static const char find_sharer[] =
    "SELECT s.line, s.id, s.email, t.id, t.username, t.name, t.email, t.line"
    " FROM staged s CROSS JOIN shared k ON k.key = s.key"
    " CROSS JOIN staged t ON t.seq = k.first"
    " WHERE s.seq > k.first" IS_FRESH("s") IS_FRESH("t") " ORDER BY s.seq";

static int
note_sharers(const struct judge *j, const char *sql, struct fail *f)
{
	struct db_statement *st;
	struct buf b = {0};
	int r;

	if (db_prepare(j->db, &st, sql, f) < 0)
		return -1;
	while ((r = db_step(j->db, st, f)) == 1) {
		struct identity one = {.email = db_text(st, 2)};
		struct identity two = {.username = db_text(st, 4),
		    .name = db_text(st, 5),
		    .email = db_text(st, 6)};

		buf_reset(&b);
		add_id(&b, db_text(st, 1));
		buf_addc(&b, ' ');
		identity_put(&b, &one, &two);
		buf_adds(&b, " has the address of ");
		add_id(&b, db_text(st, 3));
		buf_addc(&b, ' ');
		identity_put(&b, &two, &one);
		if (!db_is_null(st, 7))
			buf_printf(
			    &b, " (line %lld)", (long long)db_int(st, 7));
		buf_adds(&b, ": it gets one mail, and an opt-out of it is "
			     "of both");
		j->hooks->note(
		    j->hooks->ctx, (unsigned long)db_int(st, 0), buf_str(&b));
	}
	buf_free(&b);
	return r;
}

static int
note_shared(const struct judge *j, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(j->db, &st, "SELECT EXISTS(SELECT 1 FROM shared)", f) <
	    0)
		return -1;
	if (db_exec(j->db, find_shared, f) < 0 || db_step(j->db, st, f) != 1)
		return -1;
	if (db_int(st, 0) == 0) {
		db_reset(st);
		return 0;
	}
	db_reset(st);
	return note_sharers(j, find_sharer, f);
}

int
staging_identity_judge(struct db *db, const struct staging_params *params,
    const struct staging_hooks *hooks, struct fail *f)
{
	struct judge j = {.db = db, .params = params, .hooks = hooks};
	const struct db_sql statements[] = {{&j.moved, find_moved},
	    {&j.courses, find_courses}, {&j.keep, keep_judged}};

	if (db_prepare_all(db, statements,
		sizeof(statements) / sizeof(statements[0]), f) < 0 ||
	    judge_moved(&j, f) < 0 ||
	    note_sharers(&j, find_known_sharer, f) < 0)
		return -1;
	return note_shared(&j, f);
}
