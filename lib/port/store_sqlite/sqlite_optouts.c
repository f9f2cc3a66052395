#include "port/store_sqlite/sqlite_optouts.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/db/generation.h"
#include "port/optout/optouts_ops.h"

#define OWN "('page', 'one-click', 'mail', 'import', 'complaint')"

/* One index lookup: is the latest row of this scope and name an "out"? */
#define LATEST(name, scope)                                      \
	"coalesce((SELECT action='out' FROM optouts WHERE " name \
	" AND course_id=" scope " ORDER BY seq DESC LIMIT 1), 0)"

/* The second column: does the register have any hidden key? */
static const char SQL_CHECK[] =
    "SELECT " LATEST("user_id=?2", "?1") " OR " LATEST("user_id=?2",
	"'*'") " OR " LATEST("key=?3", "?1") " OR " LATEST("key=?3",
	"'*'") ", EXISTS(SELECT 1 FROM optouts"
	       " WHERE key>='sha256:' AND key<'sha256;')";

/* Of another link: no link says whether a row of a course is its own. */
#define KEPT                                          \
	"source NOT IN ('page', 'one-click', 'mail')" \
	" OR (course_id='*' AND coalesce(link<>?3, 0))"

/* Are there "out" rows after the last "in", and is one the person's own act? */
#define STANDING(name)                                                   \
	"SELECT count(*) > 0, coalesce(max(source IN " OWN "), 0),"      \
	" coalesce(max(" KEPT "), 0)"                                    \
	" FROM optouts WHERE " name " AND course_id=?1 AND action='out'" \
	" AND seq > coalesce((SELECT max(seq) FROM optouts WHERE " name  \
	" AND course_id=?1 AND action='in'), 0)"

static const char SQL_USER_STANDING[] = STANDING("user_id=?2");
static const char SQL_KEY_STANDING[] = STANDING("key=?2");

static const char SQL_APPEND[] =
    "INSERT INTO optouts(course_id, user_id, key, action, source, reason, at,"
    " link) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

static const char SQL_REPLACE[] =
    "UPDATE optouts SET seq=(SELECT max(seq) FROM optouts) + 1, action=?4,"
    " source=?5, reason=?6, at=?7, link=?8 WHERE seq=(SELECT max(seq)"
    " FROM optouts WHERE course_id=?1 AND user_id IS ?2 AND key IS ?3)";

#define COLUMNS                                                 \
	"SELECT course_id, user_id, key, action='out', source," \
	" reason, at, link FROM optouts o WHERE (?1 IS NULL OR course_id=?1)"

static const char SQL_HISTORY[] = COLUMNS " ORDER BY seq";
static const char SQL_LATEST[] =
    COLUMNS " AND ((user_id IS NOT NULL AND NOT EXISTS(SELECT 1 FROM optouts n"
	    "  WHERE n.user_id=o.user_id AND n.course_id=o.course_id"
	    "  AND n.seq>o.seq))"
	    " OR (key IS NOT NULL AND NOT EXISTS(SELECT 1 FROM optouts n"
	    "  WHERE n.key=o.key AND n.course_id=o.course_id"
	    "  AND n.seq>o.seq))) ORDER BY seq";
static const char SQL_PERSON[] =
    COLUMNS " AND (user_id=?2 OR key IN (?3, ?4)) ORDER BY seq";

#define LIST_OUT(user_id, key, name)                                   \
	"SELECT " user_id ", " key " FROM (SELECT " name               \
	", action, max(seq) FROM optouts WHERE course_id IN (?1, '*')" \
	" AND " name " IS NOT NULL GROUP BY " name ", course_id)"      \
	" WHERE action='out'"

static const char SQL_USERS_OUT[] = LIST_OUT("user_id", "NULL", "user_id");
static const char SQL_KEYS_OUT[] = LIST_OUT("NULL", "key", "key");

static const char SQL_HAS_COURSE[] =
    "SELECT EXISTS(SELECT 1 FROM optouts WHERE course_id=?1)";
static const char SQL_COUNT[] =
    "SELECT count(DISTINCT coalesce(key, user_id)) FROM optouts"
    " WHERE course_id IN (?1, '*') AND action='out' AND at>=?2";

/* ?1 is the user id, ?2 the key, ?3 the hidden key. */
static const char SQL_KNOWS[] =
    "SELECT EXISTS(SELECT 1 FROM users WHERE key=?2)"
    " OR EXISTS(SELECT 1 FROM emails e JOIN deliveries d"
    "  ON d.email_id=e.id AND d.key=?2)"
    " OR NOT (EXISTS(SELECT 1 FROM courses) OR EXISTS(SELECT 1 FROM emails)"
    "  OR EXISTS(SELECT 1 FROM optouts WHERE key=?3)),"
    " EXISTS(SELECT 1 FROM users WHERE id=?1)";

struct sqlite_optouts {
	struct optouts optouts; /* the first member */
	struct db *db;
	struct db_statement *check;
};

static struct sqlite_optouts *
open_optouts(struct optouts *r)
{
	return (struct sqlite_optouts *)r;
}

/* Its statement is kept: it is asked before each message. */
static int
check_latest(struct optouts *r, struct str course_id, struct str user_id,
    struct str key, bool *out, bool *hidden, struct fail *f)
{
	struct sqlite_optouts *o = open_optouts(r);
	int rc;

	if (o->check == NULL && db_prepare(o->db, &o->check, SQL_CHECK, f) < 0)
		return -1;
	db_bind(o->check, 1, course_id);
	db_bind(o->check, 2, user_id);
	db_bind(o->check, 3, key);
	rc = db_step(o->db, o->check, f);
	*out = rc == 1 && db_int(o->check, 0) != 0;
	*hidden = rc == 1 && db_int(o->check, 1) != 0;
	db_reset(o->check);
	return rc < 0 ? -1 : 0;
}

static int
read_standing(struct optouts *r, struct str scope,
    const struct optouts_name *name, struct str link, struct optout_standing *s,
    struct fail *f)
{
	struct db *db = open_optouts(r)->db;
	bool user = name->user_id.p != NULL;
	struct db_statement *st;
	int rc;

	*s = (struct optout_standing){0};
	if (db_prepare(
		db, &st, user ? SQL_USER_STANDING : SQL_KEY_STANDING, f) < 0)
		return -1;
	db_bind(st, 1, scope);
	db_bind(st, 2, user ? name->user_id : name->key);
	db_bind(st, 3, link);
	rc = db_step(db, st, f);
	if (rc == 1)
		*s = (struct optout_standing){
		    db_int(st, 0) != 0, db_int(st, 1) != 0, db_int(st, 2) != 0};
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

static int
write_row(
    struct db *db, const char *sql, const struct optout *o, struct fail *f)
{
	struct db_statement *st;

	if (generation_raise(db, f) < 0 || db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, o->course_id);
	db_bind(st, 2, o->user_id);
	db_bind(st, 3, o->key);
	db_bind(st, 4, o->out ? STR("out") : STR("in"));
	db_bind(st, 5, o->source);
	db_bind(st, 6, o->reason);
	db_bind_int(st, 7, o->at);
	db_bind(st, 8, o->link);
	return db_step(db, st, f);
}

static int
append_row(struct optouts *r, const struct optout *o, struct fail *f)
{
	return write_row(open_optouts(r)->db, SQL_APPEND, o, f);
}

static int
replace_row(struct optouts *r, const struct optout *o, struct fail *f)
{
	return write_row(open_optouts(r)->db, SQL_REPLACE, o, f);
}

static int
visit_rows(struct db *db, struct db_statement *st, optout_fn *fn, void *ctx,
    struct fail *f)
{
	int rc;

	while ((rc = db_step(db, st, f)) == 1) {
		struct optout o = {.course_id = db_text(st, 0),
		    .user_id = db_text(st, 1),
		    .key = db_text(st, 2),
		    .out = db_int(st, 3) != 0,
		    .source = db_text(st, 4),
		    .reason = db_text(st, 5),
		    .at = db_int(st, 6),
		    .link = db_text(st, 7)};

		if (fn(ctx, &o, f) < 0) {
			db_reset(st);
			return -1;
		}
	}
	return rc;
}

static int
list_rows(struct optouts *r, const struct optouts_choice *c, optout_fn *fn,
    void *ctx, struct fail *f)
{
	const char *sql = c->person   ? SQL_PERSON
			  : c->latest ? SQL_LATEST
				      : SQL_HISTORY;
	struct db *db = open_optouts(r)->db;
	struct db_statement *st;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, c->course_id);
	if (c->person) {
		db_bind(st, 2, c->user_id);
		db_bind(st, 3, c->key);
		db_bind(st, 4, c->hidden);
	}
	return visit_rows(db, st, fn, ctx, f);
}

static int
visit_names(struct db *db, const char *sql, struct str course_id,
    optout_name_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	while ((rc = db_step(db, st, f)) == 1) {
		if (fn(ctx, db_text(st, 0), db_text(st, 1), f) < 0) {
			db_reset(st);
			return -1;
		}
	}
	return rc;
}

static int
list_out(struct optouts *r, struct str course_id, optout_name_fn *fn, void *ctx,
    struct fail *f)
{
	struct db *db = open_optouts(r)->db;

	if (visit_names(db, SQL_USERS_OUT, course_id, fn, ctx, f) < 0)
		return -1;
	return visit_names(db, SQL_KEYS_OUT, course_id, fn, ctx, f);
}

/* The first column of the only row. */
static int
read_first(struct db *db, struct db_statement *st, long long *n, struct fail *f)
{
	int rc = db_step(db, st, f);

	*n = rc == 1 ? db_int(st, 0) : 0;
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

static int
has_course(struct optouts *r, struct str course_id, bool *has, struct fail *f)
{
	struct db *db = open_optouts(r)->db;
	struct db_statement *st;
	long long n;

	if (db_prepare(db, &st, SQL_HAS_COURSE, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	if (read_first(db, st, &n, f) < 0)
		return -1;
	*has = n != 0;
	return 0;
}

static int
knows_person(struct optouts *r, const struct optout *o, struct str hidden,
    bool *key_known, bool *user_known, struct fail *f)
{
	struct db *db = open_optouts(r)->db;
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_KNOWS, f) < 0)
		return -1;
	db_bind(st, 1, o->user_id);
	db_bind(st, 2, o->key);
	db_bind(st, 3, hidden);
	rc = db_step(db, st, f);
	*key_known = rc == 1 && db_int(st, 0) != 0;
	*user_known = rc == 1 && db_int(st, 1) != 0;
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

static int
count_out(struct optouts *r, struct str course_id, int64_t since,
    long long *count, struct fail *f)
{
	struct db *db = open_optouts(r)->db;
	struct db_statement *st;

	if (db_prepare(db, &st, SQL_COUNT, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	db_bind_int(st, 2, since);
	return read_first(db, st, count, f);
}

static const struct optouts_ops operations = {
    .check = check_latest,
    .standing = read_standing,
    .append = append_row,
    .replace = replace_row,
    .knows = knows_person,
    .list = list_rows,
    .list_out = list_out,
    .has_course = has_course,
    .count = count_out,
};

struct db *
sqlite_optouts_db(struct optouts *r)
{
	return open_optouts(r)->db;
}

struct optouts *
sqlite_optouts_new(struct store *store, struct db *db)
{
	struct sqlite_optouts *o = mem_new(sizeof(*o));

	o->optouts = (struct optouts){&operations, NULL, store};
	o->db = db;
	return &o->optouts;
}

void
sqlite_optouts_free(struct optouts *r)
{
	free(r);
}
