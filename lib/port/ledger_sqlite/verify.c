#include "port/ledger_sqlite/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "mail/record/journal_text.h"
#include "port/db/generation.h"
#include "port/ledger_sqlite/journal_dir.h"
#include "port/ledger_sqlite/journal_place.h"
#include "port/ledger_sqlite/owners.h"

#define OF_ID " AND (?1 IS NULL OR email_id=?1)"

/* A query for the number of wrong rows and the key of one of them. */
struct check {
	const char *promise;
	const char *sql;
};

/* A hidden key may be of any person, so no opt-out is missing beside it. */
#define IS_HIDDEN "o.key>='sha256:' AND o.key<'sha256;'"
#define STATES "('sent','failed','deferred','in_doubt','skipped','claimed')"

static const struct check checks[] = {
    {"every mailing is open, held, cancelled or pruned",
	"SELECT count(*), min(id) FROM emails WHERE state NOT IN"
	"('open','held','cancelled','pruned') AND (?1 IS NULL OR id=?1)"},
    {"every recipient belongs to a mailing",
	"SELECT count(*), min(key) FROM deliveries WHERE NOT EXISTS"
	"(SELECT 1 FROM emails WHERE id=email_id)" OF_ID},
    {"every recipient is in one known state",
	"SELECT count(*), min(key) FROM deliveries WHERE (state NOT IN" STATES
	" OR prior NOT IN" STATES ")" OF_ID},
    {"who is in progress is so in somebody's hands",
	"SELECT count(*), min(key) FROM deliveries WHERE state='claimed'"
	" AND owner IS NULL" OF_ID},
    {"sent: class ok, and a time",
	"SELECT count(*), min(key) FROM deliveries WHERE state='sent'"
	" AND (class IS NOT 'ok' OR at IS NULL)" OF_ID},
    {"sent: no answer that says otherwise",
	"SELECT count(*), min(key) FROM deliveries WHERE state='sent'"
	" AND code NOT BETWEEN 200 AND 299" OF_ID},
    {"failed: a reason other than ok, and a time",
	"SELECT count(*), min(key) FROM deliveries WHERE state='failed'"
	" AND (class IS NULL OR class='ok' OR at IS NULL)" OF_ID},
    {"deferred: a reason other than ok, and a time",
	"SELECT count(*), min(key) FROM deliveries WHERE state='deferred'"
	" AND (class IS NULL OR class='ok' OR at IS NULL)" OF_ID},
    {"skipped: a reason other than ok",
	"SELECT count(*), min(key) FROM deliveries WHERE state='skipped'"
	" AND (class IS NULL OR class='ok')" OF_ID},
    {"skipped for an opt-out: the register has one",
	"SELECT count(*), min(d.key) FROM deliveries d"
	" JOIN emails e ON e.id=email_id"
	" WHERE d.state='skipped' AND class='optout' AND email<>''"
	" AND NOT EXISTS(SELECT 1 FROM optouts o WHERE action='out'"
	"  AND o.course_id IN (e.course_id, '*')"
	"  AND (o.key=d.key OR o.user_id=d.user_id OR " IS_HIDDEN "))" OF_ID},
    {"in doubt: class no_reply",
	"SELECT count(*), min(key) FROM deliveries WHERE state='in_doubt'"
	" AND class IS NOT 'no_reply'" OF_ID},
    {"the totals are those of the recipients",
	"SELECT count(*), min(state) FROM (SELECT state, total(n) AS n FROM"
	"(SELECT email_id, state, class, count AS n FROM totals UNION ALL"
	" SELECT email_id, state, coalesce(class, ''), -1 FROM deliveries"
	" WHERE owner IS NULL) WHERE true" OF_ID
	" GROUP BY email_id, state, class HAVING total(n)<>0)"},
};

static int
run_check(struct db *db, const struct check *c, struct str id,
    ledger_row_check_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st;
	struct buf against = {0};
	int result;

	if (db_prepare(db, &st, c->sql, f) < 0)
		return -1;
	db_bind(st, 1, id);
	if (db_step(db, st, f) < 0)
		return -1;
	if (db_int(st, 0) > 0) {
		struct str key = db_text(st, 1);

		buf_printf(&against, "%lld are not, %.*s among them",
		    (long long)db_int(st, 0), (int)key.n, key.p);
	}
	db_reset(st);
	result =
	    fn(ctx, c->promise, against.len > 0 ? buf_cstr(&against) : NULL, f);
	buf_free(&against);
	return result;
}

static int
check_file(struct db *db, ledger_row_check_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st;
	struct buf said = {0};
	int more, result;

	if (db_prepare(db, &st, "PRAGMA integrity_check(1)", f) < 0)
		return -1;
	more = db_step(db, st, f);
	if (more < 0)
		return -1;
	buf_addstr(&said, db_text(st, 0));
	db_reset(st);
	result = fn(ctx, "the database file is sound",
	    str_is(buf_str(&said), "ok") ? NULL : buf_cstr(&said), f);
	buf_free(&said);
	return result;
}

static int
check_generation(
    struct db *db, ledger_row_check_fn *fn, void *ctx, struct fail *f)
{
	struct buf against = {0};
	bool copy;
	int result = generation_check(db, &against, &copy, f);

	if (result == 0 && copy)
		result = fn(ctx,
		    "this is a copy made by bm-optout backup, which bm-send "
		    "refuses without --accept-older-ledger",
		    NULL, f);
	else if (result == 0)
		result = fn(ctx, "the ledger is not behind its lock file",
		    against.len > 0 ? buf_cstr(&against) : NULL, f);
	buf_free(&against);
	return result;
}

/* As a ledger_row_owner_fn. */
static int
note_lost(void *ctx, const struct ledger_row_owner *o, struct fail *f)
{
	struct buf *lost = ctx;

	(void)f;
	if (lost->len == 0 && o->life == LEDGER_ROW_LOST)
		buf_printf(lost, "%.*s has none", (int)o->name.n, o->name.p);
	return 0;
}

static int
check_owners(struct db *db, ledger_row_check_fn *fn, void *ctx, struct fail *f)
{
	struct buf lost = {0};
	int result = owners_each(db, note_lost, &lost, f);

	if (result == 0)
		result = fn(ctx, "every owner has a journal",
		    lost.len > 0 ? buf_cstr(&lost) : NULL, f);
	buf_free(&lost);
	return result;
}

/* The number of the line with this byte, from 1. */
static unsigned long
number_line(struct str content, int64_t offset)
{
	unsigned long line = 1;

	for (size_t i = 0; i < content.n && (int64_t)i < offset; i++)
		line += content.p[i] == '\n';
	return line;
}

struct journal_check {
	struct db *db;
	struct arena *arena;
	struct buf against;
};

/*
 * What follows the last whole line is being written, or torn. A text without a
 * newline has no line that could be damaged.
 */
static int
check_lines(void *ctx, const char *owner, struct str content, struct fail *f)
{
	struct journal_check *c = ctx;
	struct journal_place place = {.owner = owner};
	struct journal_text text;
	int64_t at;

	if (c->against.len > 0)
		return 0;
	if (journal_place_load(c->db, &place, f) < 0)
		return -1;
	journal_text_read(&text, str_of(owner), content, place.known, c->arena);
	at = text.unframed ? text.size : text.damage_at;
	if ((text.damaged || text.unframed) &&
	    (place.known.size > at || (size_t)at > content.n ||
		memchr(content.p + at, '\n', content.n - (size_t)at) != NULL))
		buf_printf(&c->against, "line %lu of %s.log is none",
		    number_line(content, at), owner);
	arena_reset(c->arena);
	return 0;
}

static int
check_journals(
    struct db *db, ledger_row_check_fn *fn, void *ctx, struct fail *f)
{
	struct journal_check c = {.db = db, .arena = arena_new()};
	int result = journal_dir_each(db_run_dir(db), check_lines, &c, f);

	if (result == 0)
		result =
		    fn(ctx, "every line of a journal but its last is whole",
			c.against.len > 0 ? buf_cstr(&c.against) : NULL, f);
	buf_free(&c.against);
	arena_free(c.arena);
	return result;
}

int
verify_ledger(struct db *db, struct str id, ledger_row_check_fn *fn, void *ctx,
    struct fail *f)
{
	if (check_file(db, fn, ctx, f) < 0 ||
	    check_generation(db, fn, ctx, f) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (run_check(db, &checks[i], id, fn, ctx, f) < 0)
			return -1;
	}
	if (check_owners(db, fn, ctx, f) < 0)
		return -1;
	return check_journals(db, fn, ctx, f);
}
