#include "port/optout/optouts.h"

#include "base/arena.h"
#include "base/buf.h"
#include "port/db/generation.h"
#include "port/db/transaction.h"
#include "port/optout/hidden_key.h"

#define OWN "('page', 'one-click', 'mail', 'import')"

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
static const char SQL_CHECK_HIDDEN[] =
    "SELECT " LATEST("key=?2", "?1") " OR " LATEST("key=?2", "'*'");

/* Are there "out" rows after the last "in", and is one the person's own act? */
#define STANDING(name)                                                   \
	"SELECT count(*) > 0, coalesce(max(source IN " OWN "), 0)"       \
	" FROM optouts WHERE " name " AND course_id=?1 AND action='out'" \
	" AND seq > coalesce((SELECT max(seq) FROM optouts WHERE " name  \
	" AND course_id=?1 AND action='in'), 0)"

static const char SQL_USER_STANDING[] = STANDING("user_id=?2");
static const char SQL_KEY_STANDING[] = STANDING("key=?2");

static const char SQL_PUT[] =
    "INSERT INTO optouts(course_id, user_id, key, action, source, reason, at)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";

static const char SQL_PAIRS[] =
    "SELECT DISTINCT user_id, key FROM optouts"
    " WHERE course_id=?1 AND (user_id=?2 OR key IN (?3, ?4))";
/* An empty name is an absent one. */
static struct str
omit_empty(struct str s)
{
	return s.n > 0 ? s : (struct str){0};
}

static struct str
copy_text(struct arena *arena, struct str s)
{
	if (s.p == NULL)
		return s;
	return arena_str(arena, s);
}

/* The hidden key, absent like the key. */
static struct str
put_hidden(struct buf *b, struct str key)
{
	if (key.n == 0)
		return (struct str){0};
	hidden_key_put(b, key);
	return buf_str(b);
}

static int
check_hidden(struct db *db, struct str course_id, struct str key, bool *out,
    struct fail *f)
{
	struct buf hash = {0};
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_CHECK_HIDDEN, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	db_bind(st, 2, put_hidden(&hash, key));
	rc = db_step(db, st, f);
	*out = rc == 1 && db_int(st, 0) != 0;
	db_reset(st);
	buf_free(&hash);
	return rc < 0 ? -1 : 0;
}

int
optouts_check(struct db *db, struct str course_id, struct str user_id,
    struct str key, bool *out, struct fail *f)
{
	struct db_statement *st;
	bool some_hidden;
	int rc;

	if (db_prepare(db, &st, SQL_CHECK, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	db_bind(st, 2, omit_empty(user_id));
	db_bind(st, 3, omit_empty(key));
	rc = db_step(db, st, f);
	*out = rc == 1 && db_int(st, 0) != 0;
	some_hidden = rc == 1 && db_int(st, 1) != 0;
	db_reset(st);
	if (rc < 0)
		return -1;
	return some_hidden && !*out ? check_hidden(db, course_id, key, out, f)
				    : 0;
}

static int
read_standing(struct db *db, const char *sql, struct str scope, struct str name,
    struct optouts_standing *s, struct fail *f)
{
	struct db_statement *st;
	int rc;

	*s = (struct optouts_standing){0};
	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, scope);
	db_bind(st, 2, omit_empty(name));
	rc = db_step(db, st, f);
	if (rc == 1)
		*s = (struct optouts_standing){
		    db_int(st, 0) != 0, db_int(st, 1) != 0};
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

int
optouts_standing(struct db *db, struct str scope, struct str user_id,
    struct str key, struct optouts_standing *s, struct fail *f)
{
	struct optouts_standing by_key, by_hash;
	struct buf hash = {0};
	int rc = -1;

	if (read_standing(db, SQL_USER_STANDING, scope, user_id, s, f) == 0 &&
	    read_standing(db, SQL_KEY_STANDING, scope, key, &by_key, f) == 0 &&
	    read_standing(db, SQL_KEY_STANDING, scope, put_hidden(&hash, key),
		&by_hash, f) == 0) {
		s->out |= by_key.out | by_hash.out;
		s->own |= by_key.own | by_hash.own;
		rc = 0;
	}
	buf_free(&hash);
	return rc;
}

static bool
is_own(struct str source)
{
	return !str_is(source, "operator") && !str_is(source, "bounce");
}

/* Would the row change the standing of the user id or of the key? */
static int
is_news(struct db *db, const struct optout *o, bool *news, struct fail *f)
{
	const char *const sql[] = {SQL_USER_STANDING, SQL_KEY_STANDING};
	const struct str names[] = {o->user_id, o->key};
	struct optouts_standing s;

	*news = false;
	for (int i = 0; i < 2; i++) {
		if (names[i].n == 0)
			continue;
		if (read_standing(db, sql[i], o->course_id, names[i], &s, f) <
		    0)
			return -1;
		if (o->out ? !s.out || (is_own(o->source) && !s.own) : s.out)
			*news = true;
	}
	return 0;
}

int
optouts_put(struct db *db, const struct optout *o, bool *added, struct fail *f)
{
	struct db_statement *st;
	bool news;

	if (is_news(db, o, &news, f) < 0 || db_prepare(db, &st, SQL_PUT, f) < 0)
		return -1;
	if (added != NULL)
		*added = news;
	if (!news)
		return 0;
	if (generation_raise(db, f) < 0)
		return -1;
	db_bind(st, 1, o->course_id);
	db_bind(st, 2, omit_empty(o->user_id));
	db_bind(st, 3, omit_empty(o->key));
	db_bind(st, 4, o->out ? STR("out") : STR("in"));
	db_bind(st, 5, o->source);
	db_bind(st, 6, omit_empty(o->reason));
	db_bind_int(st, 7, o->at);
	return db_step(db, st, f) < 0 ? -1 : 0;
}

int
optouts_add(struct db *db, const struct optout *o, bool *added, struct fail *f)
{
	if (transaction_begin(db, f) < 0)
		return -1;
	if (optouts_put(db, o, added, f) < 0) {
		transaction_rollback(db);
		return -1;
	}
	return transaction_commit(db, f);
}

/* Only the person may take back an own opt-out. */
static int
refuse_own(struct db *db, const struct optout *o, struct fail *f)
{
	struct optouts_standing s;

	if (optouts_standing(db, o->course_id, o->user_id, o->key, &s, f) < 0)
		return -1;
	if (s.own)
		return fail_data(f, "opted out in person; only when that "
				    "person asks, use --person-asked");
	return 0;
}

/* Puts an "in" row for each pair of names in the person's rows. */
static int
put_pairs(struct db *db, const struct optout *o, bool person_asked,
    struct arena *arena, long long *count, struct fail *f)
{
	struct optout row = *o;
	struct buf hash = {0};
	struct db_statement *st;
	bool added;
	int rc;

	if (db_prepare(db, &st, SQL_PAIRS, f) < 0)
		return -1;
	db_bind(st, 1, o->course_id);
	db_bind(st, 2, omit_empty(o->user_id));
	db_bind(st, 3, omit_empty(o->key));
	db_bind(st, 4, put_hidden(&hash, o->key));
	row.out = false;
	while ((rc = db_step(db, st, f)) == 1) {
		row.user_id = copy_text(arena, db_text(st, 0));
		row.key = copy_text(arena, db_text(st, 1));
		if ((!person_asked && refuse_own(db, &row, f) < 0) ||
		    optouts_put(db, &row, &added, f) < 0)
			break;
		*count += added;
	}
	db_reset(st);
	buf_free(&hash);
	return rc != 0 ? -1 : 0;
}

int
optouts_restore(struct db *db, const struct optout *o, bool person_asked,
    long long *count, struct fail *f)
{
	struct arena *arena = arena_new();
	int rc = -1;

	*count = 0;
	if (transaction_begin(db, f) == 0) {
		rc = put_pairs(db, o, person_asked, arena, count, f);
		if (rc == 0)
			rc = transaction_commit(db, f);
		else
			transaction_rollback(db);
	}
	arena_free(arena);
	return rc;
}
