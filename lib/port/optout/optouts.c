#include "port/optout/optouts.h"

#include <string.h>

#include "base/crypto.h"
#include "port/db/transaction.h"

#define HIDDEN "sha256:" /* before the hash of a forgotten person's key */
#define OWN "('page', 'one-click', 'mail', 'import')"

/* One index lookup: is the latest row of this scope and name an "out"? */
#define LATEST(name, scope)                                      \
	"coalesce((SELECT action='out' FROM optouts WHERE " name \
	" AND course_id=" scope " ORDER BY seq DESC LIMIT 1), 0)"

/* The second column: is there any key that optouts_hide() has made? */
static const char sql_check[] =
    "SELECT " LATEST("user_id=?2", "?1") " OR " LATEST("user_id=?2",
	"'*'") " OR " LATEST("key=?3", "?1") " OR " LATEST("key=?3",
	"'*'") ", EXISTS(SELECT 1 FROM optouts"
	       " WHERE key>='sha256:' AND key<'sha256;')";
static const char sql_check_hidden[] =
    "SELECT " LATEST("key=?2", "?1") " OR " LATEST("key=?2", "'*'");

/* The "out" rows behind the last "in", and whether one is an act of his own. */
#define STANDING(name)                                                   \
	"SELECT count(*) > 0, coalesce(max(source IN " OWN "), 0)"       \
	" FROM optouts WHERE " name " AND course_id=?1 AND action='out'" \
	" AND seq > coalesce((SELECT max(seq) FROM optouts WHERE " name  \
	" AND course_id=?1 AND action='in'), 0)"

static const char sql_user_standing[] = STANDING("user_id=?2");
static const char sql_key_standing[] = STANDING("key=?2");

static const char sql_put[] =
    "INSERT INTO optouts(course_id, user_id, key, action, source, reason, at)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";

#define COLUMNS                                                 \
	"SELECT course_id, user_id, key, action='out', source," \
	" reason, at FROM optouts o "

static const char sql_history[] =
    COLUMNS "WHERE ?1 IS NULL OR course_id=?1 ORDER BY seq";
static const char sql_current[] =
    COLUMNS "WHERE (?1 IS NULL OR course_id=?1)"
	    " AND ((user_id IS NOT NULL AND NOT EXISTS(SELECT 1 FROM optouts n"
	    "  WHERE n.user_id=o.user_id AND n.course_id=o.course_id"
	    "  AND n.seq>o.seq))"
	    " OR (key IS NOT NULL AND NOT EXISTS(SELECT 1 FROM optouts n"
	    "  WHERE n.key=o.key AND n.course_id=o.course_id"
	    "  AND n.seq>o.seq))) ORDER BY seq";
static const char sql_person[] =
    COLUMNS "WHERE user_id=?1 OR key IN (?2, ?3) ORDER BY seq";

static const char sql_pairs[] =
    "SELECT DISTINCT user_id, key FROM optouts"
    " WHERE course_id=?1 AND (user_id=?2 OR key IN (?3, ?4))";
static const char sql_find_user[] =
    "SELECT max(id) FROM users WHERE key=?1 HAVING count(*)=1";

static const char sql_title[] =
    "SELECT coalesce(nullif(title, ''), id) FROM courses WHERE id=?1";

static struct str
known(struct str s)
{
	return s.n > 0 ? s : (struct str){0};
}

static struct str
keep(struct str s, struct arena *arena)
{
	if (s.p == NULL)
		return s;
	return arena_str(arena, s);
}

void
optouts_hide(struct buf *b, struct str key)
{
	static const char prefix[] = "bm forget 1";
	unsigned char sum[CRYPTO_SHA256];
	struct buf text = {0};

	buf_add(&text, prefix, sizeof(prefix));
	buf_addstr(&text, key);
	crypto_sha256(text.p, text.len, sum);
	buf_adds(b, HIDDEN);
	crypto_hex(b, sum, sizeof(sum));
	buf_free(&text);
}

bool
optouts_is_hidden(struct str key)
{
	if (!str_starts(key, HIDDEN) ||
	    key.n != strlen(HIDDEN) + 2 * CRYPTO_SHA256)
		return false;
	for (size_t i = strlen(HIDDEN); i < key.n; i++) {
		if (strchr("0123456789abcdef", key.p[i]) == NULL)
			return false;
	}
	return true;
}

/* Without a key there is no hidden one either. */
static struct str
hidden(struct buf *b, struct str key)
{
	if (key.n == 0)
		return (struct str){0};
	optouts_hide(b, key);
	return buf_str(b);
}

static int
check_hidden(struct db *db, struct str course_id, struct str key, bool *out,
    struct fail *f)
{
	struct buf hash = {0};
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, sql_check_hidden, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	db_bind(st, 2, hidden(&hash, key));
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

	if (db_prepare(db, &st, sql_check, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	db_bind(st, 2, known(user_id));
	db_bind(st, 3, known(key));
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
	db_bind(st, 2, known(name));
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

	if (read_standing(db, sql_user_standing, scope, user_id, s, f) == 0 &&
	    read_standing(db, sql_key_standing, scope, key, &by_key, f) == 0 &&
	    read_standing(db, sql_key_standing, scope, hidden(&hash, key),
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

/* Does one of the person's two names stand so that this row is news? */
static int
is_news(struct db *db, const struct optout *o, bool *news, struct fail *f)
{
	const char *const sql[] = {sql_user_standing, sql_key_standing};
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

	if (is_news(db, o, &news, f) < 0 || db_prepare(db, &st, sql_put, f) < 0)
		return -1;
	if (added != NULL)
		*added = news;
	if (!news)
		return 0;
	db_bind(st, 1, o->course_id);
	db_bind(st, 2, known(o->user_id));
	db_bind(st, 3, known(o->key));
	db_bind(st, 4, o->out ? STR("out") : STR("in"));
	db_bind(st, 5, o->source);
	db_bind(st, 6, known(o->reason));
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

/* What a person has said is not taken back by somebody else. */
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

/* Every pair of names the person was ever entered by. */
static int
put_pairs(struct db *db, const struct optout *o, bool person_asked,
    struct arena *arena, long long *count, struct fail *f)
{
	struct optout row = *o;
	struct buf hash = {0};
	struct db_statement *st;
	bool added;
	int rc;

	if (db_prepare(db, &st, sql_pairs, f) < 0)
		return -1;
	db_bind(st, 1, o->course_id);
	db_bind(st, 2, known(o->user_id));
	db_bind(st, 3, known(o->key));
	db_bind(st, 4, hidden(&hash, o->key));
	row.out = false;
	while ((rc = db_step(db, st, f)) == 1) {
		row.user_id = keep(db_text(st, 0), arena);
		row.key = keep(db_text(st, 1), arena);
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

/* The one string that a query of one parameter yields, if it yields one. */
static int
find_text(struct db *db, const char *sql, struct str parameter, struct str *out,
    struct arena *arena, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, parameter);
	rc = db_step(db, st, f);
	if (rc == 1)
		*out = keep(db_text(st, 0), arena);
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

int
optouts_find_user(struct db *db, struct str key, struct str *user_id,
    struct arena *arena, struct fail *f)
{
	*user_id = (struct str){0};
	return find_text(db, sql_find_user, key, user_id, arena, f);
}

int
optouts_course(struct db *db, struct str id, struct str *title,
    struct arena *arena, struct fail *f)
{
	*title = id;
	return find_text(db, sql_title, id, title, arena, f);
}

static int
visit(struct db *db, struct db_statement *st, optouts_fn *fn, void *ctx,
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
		    .at = db_int(st, 6)};

		if (fn(ctx, &o, f) < 0) {
			db_reset(st);
			return -1;
		}
	}
	return rc;
}

int
optouts_list(struct db *db, struct str course_id, bool history, optouts_fn *fn,
    void *ctx, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, history ? sql_history : sql_current, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	return visit(db, st, fn, ctx, f);
}

int
optouts_person(struct db *db, struct str user_id, struct str key,
    optouts_fn *fn, void *ctx, struct fail *f)
{
	struct buf hash = {0};
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, sql_person, f) < 0)
		return -1;
	db_bind(st, 1, known(user_id));
	db_bind(st, 2, known(key));
	db_bind(st, 3, hidden(&hash, key));
	rc = visit(db, st, fn, ctx, f);
	buf_free(&hash);
	return rc;
}
