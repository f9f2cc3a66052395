#include "port/roster/roster.h"

#include "base/buf.h"
#include "base/near.h"
#include "base/utf8.h"
#include "port/db/transaction.h"
#include "port/roster/roster_changes.h"

#define SHOWN 100 /* bytes of a name in a message */

int
roster_unknown(struct db *db, const char *what, struct near near,
    const char *sql, struct str course_id, struct fail *f)
{
	const struct str name = near.name;
	struct db_statement *st;
	struct buf best = {0};
	int r;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, course_id);
	while ((r = db_step(db, st, f)) == 1) {
		struct str known = db_text(st, 0);

		near_offer(&near, known);
		if (near.best.p != known.p || known.p == NULL)
			continue;
		buf_reset(&best);
		buf_addstr(&best, known);
		near.best = buf_str(&best);
	}
	if (r == 0 && near.best.p != NULL)
		fail_system(f, "no %s \"%.*s\"; did you mean \"%.*s\"?", what,
		    (int)utf8_cut(name, SHOWN), name.p,
		    (int)utf8_cut(near.best, SHOWN), near.best.p);
	else if (r == 0)
		fail_system(f, "no %s \"%.*s\" in %s", what,
		    (int)utf8_cut(name, SHOWN), name.p, db_path(db));
	buf_free(&best);
	return -1;
}

static struct str
copy_column(struct db_statement *st, int column, struct arena *arena)
{
	struct str s = db_text(st, column);

	return s.p != NULL ? arena_str(arena, s) : s;
}

int
roster_course(struct db *db, struct course *c, struct str id,
    struct arena *arena, struct fail *f)
{
	struct db_statement *st;
	int r;

	if (db_prepare(db, &st,
		"SELECT id, title, url, image_url, language, email_enabled"
		" FROM courses WHERE id = ?1",
		f) < 0)
		return -1;
	db_bind(st, 1, id);
	r = db_step(db, st, f);
	if (r != 1)
		return r == 0
			   ? roster_unknown(db, "course",
				 (struct near){.name = id},
				 "SELECT id FROM courses", (struct str){0}, f)
			   : -1;
	c->id = copy_column(st, 0, arena);
	c->title = copy_column(st, 1, arena);
	c->url = copy_column(st, 2, arena);
	c->image_url = copy_column(st, 3, arena);
	c->language = copy_column(st, 4, arena);
	c->email_enabled = db_int(st, 5) != 0;
	db_reset(st);
	return 0;
}

int
roster_check_enabled(struct db *db, const struct course *c, struct fail *f)
{
	if (c->email_enabled)
		return 0;
	return fail_system(f,
	    "email is turned off for course %.*s; who may write %s can turn it "
	    "on (bm-import --course ... --email-enabled yes)",
	    (int)c->id.n, c->id.p, db_path(db));
}

int
roster_check_course(struct db *db, struct str id, struct fail *f)
{
	struct course c = {.id = id, .email_enabled = true};
	struct db_statement *st;
	int r;

	if (db_prepare(db, &st,
		"SELECT email_enabled FROM courses WHERE id = ?1", f) < 0)
		return -1;
	db_bind(st, 1, id);
	r = db_step(db, st, f);
	if (r < 0)
		return -1;
	if (r == 1) {
		c.email_enabled = db_int(st, 0) != 0;
		db_reset(st);
	}
	return roster_check_enabled(db, &c, f);
}

int
roster_near_address(struct db *db, struct near_address *near, struct fail *f)
{
	struct db_statement *st;
	int r;

	if (db_prepare(db, &st, "SELECT key FROM users", f) < 0)
		return -1;
	while ((r = db_step(db, st, f)) == 1)
		near_address_offer(near, db_text(st, 0));
	return r;
}

int
roster_check_mailing(struct db *db, struct str email_id, struct fail *f)
{
	struct db_statement *st;
	int r;

	if (db_prepare(db, &st,
		"SELECT state = 'pruned' FROM emails WHERE id = ?1", f) < 0)
		return -1;
	db_bind(st, 1, email_id);
	r = db_step(db, st, f);
	if (r == 1 && db_int(st, 0) != 0) {
		db_reset(st);
		return fail_system(f,
		    "mailing %.*s was pruned: who got it is forgotten",
		    (int)email_id.n, email_id.p);
	}
	if (r == 0)
		return roster_unknown(db, "mailing",
		    (struct near){.name = email_id}, "SELECT id FROM emails",
		    (struct str){0}, f);
	db_reset(st);
	return r == 1 ? 0 : -1;
}

int
roster_check_id(struct db *db, struct str id, struct fail *f)
{
	struct db_statement *st;
	int r;

	if (course_check_new_id(id, f) == 0)
		return 0;
	f->kind = FAIL_SYSTEM;
	if (db_prepare(db, &st, "SELECT 1 FROM courses WHERE id = ?1", f) < 0)
		return -1;
	db_bind(st, 1, id);
	r = db_step(db, st, f);
	db_reset(st);
	return r == 1 ? 0 : -1;
}

static int
write_course(struct db *db, const struct roster_course_change *c, bool *added,
    struct fail *f)
{
	struct db_statement *add, *change;

	if (db_prepare(db, &add, "INSERT OR IGNORE INTO courses(id) VALUES(?1)",
		f) < 0 ||
	    db_prepare(db, &change,
		"UPDATE courses SET title = coalesce(?2, title),"
		" url = coalesce(?3, url),"
		" image_url = coalesce(?4, image_url),"
		" language = coalesce(?5, language),"
		" email_enabled = coalesce(?6, email_enabled) WHERE id = ?1"
		" AND (title, url, image_url, language, email_enabled) IS NOT"
		" (coalesce(?2, title), coalesce(?3, url),"
		" coalesce(?4, image_url), coalesce(?5, language),"
		" coalesce(?6, email_enabled))",
		f) < 0)
		return -1;
	db_bind(add, 1, c->id);
	if (db_step(db, add, f) < 0)
		return -1;
	*added = db_changes(db) > 0;
	db_bind(change, 1, c->id);
	db_bind(change, 2, c->title);
	db_bind(change, 3, c->url);
	db_bind(change, 4, c->image_url);
	db_bind(change, 5, c->language);
	if (c->email_enabled != NULL)
		db_bind_int(change, 6, *c->email_enabled);
	if (db_step(db, change, f) < 0)
		return -1;
	return *added || db_changes(db) > 0 ? roster_changes_raise(db, f) : 0;
}

int
roster_set_course(struct db *db, const struct roster_course_change *c,
    bool *added, struct fail *f)
{
	if (transaction_begin(db, f) < 0)
		return -1;
	if (roster_check_id(db, c->id, f) < 0 ||
	    write_course(db, c, added, f) < 0) {
		transaction_rollback(db);
		return -1;
	}
	return transaction_commit(db, f);
}
