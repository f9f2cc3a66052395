#include "port/db/schema.h"

#include <stdio.h>

#include "base/num.h"
#include "port/db/db_files.h"
#include "port/db/exclusive.h"
#include "port/db/transaction.h"

/* Times are ms since 1970; ids are text; flags are 0 or 1. */

/* The roster. */
#define SCHEMA_ROSTER                                                          \
	"CREATE TABLE courses("                                                \
	" id TEXT PRIMARY KEY NOT NULL, title TEXT, url TEXT, image_url TEXT," \
	" language TEXT, email_enabled INTEGER NOT NULL DEFAULT 1"             \
	") STRICT, WITHOUT ROWID;"                                             \
	"CREATE TABLE users("                                                  \
	" id TEXT PRIMARY KEY NOT NULL, username TEXT, email TEXT NOT NULL,"   \
	" key TEXT NOT NULL, name TEXT, is_active INTEGER NOT NULL DEFAULT 1," \
	" last_login INTEGER"                                                  \
	") STRICT, WITHOUT ROWID;"                                             \
	"CREATE INDEX users_key ON users(key);"                                \
	"CREATE INDEX users_username ON users(username)"                       \
	" WHERE username IS NOT NULL;"                                         \
	"CREATE TABLE enrollments("                                            \
	" course_id TEXT NOT NULL REFERENCES courses(id),"                     \
	" user_id TEXT NOT NULL REFERENCES users(id),"                         \
	" is_active INTEGER NOT NULL DEFAULT 1, mode TEXT, cohort TEXT,"       \
	" data TEXT, PRIMARY KEY(course_id, user_id)"                          \
	") STRICT, WITHOUT ROWID;"                                             \
	"CREATE TABLE roles("                                                  \
	" course_id TEXT NOT NULL REFERENCES courses(id),"                     \
	" user_id TEXT NOT NULL REFERENCES users(id),"                         \
	" role TEXT NOT NULL, PRIMARY KEY(course_id, user_id, role)"           \
	") STRICT, WITHOUT ROWID;"

/* Opt-outs: append-only, the latest row of a person and scope counts. */
#define SCHEMA_OPTOUTS                                                     \
	"CREATE TABLE optouts("                                            \
	" seq INTEGER PRIMARY KEY, course_id TEXT NOT NULL, user_id TEXT," \
	" key TEXT, action TEXT NOT NULL CHECK(action IN ('out', 'in')),"  \
	" source TEXT NOT NULL, reason TEXT, at INTEGER NOT NULL,"         \
	" CHECK(user_id IS NOT NULL OR key IS NOT NULL)"                   \
	") STRICT;"                                                        \
	"CREATE INDEX optouts_user ON optouts(user_id, course_id)"         \
	" WHERE user_id IS NOT NULL;"                                      \
	"CREATE INDEX optouts_key ON optouts(key, course_id)"              \
	" WHERE key IS NOT NULL;"                                          \
	"CREATE INDEX optouts_course ON optouts(course_id);"

/* The ledger (bm-ledger.7). */
#define SCHEMA_LEDGER                                                         \
	"CREATE TABLE emails("                                                \
	" id TEXT PRIMARY KEY NOT NULL, course_id TEXT NOT NULL,"             \
	" content TEXT, subject TEXT, state TEXT NOT NULL DEFAULT 'open',"    \
	" created INTEGER NOT NULL"                                           \
	") STRICT, WITHOUT ROWID;"                                            \
	"CREATE TABLE deliveries("                                            \
	" email_id TEXT NOT NULL REFERENCES emails(id), key TEXT NOT NULL,"   \
	" email TEXT NOT NULL, user_id TEXT, state TEXT NOT NULL,"            \
	" owner TEXT, prior TEXT, class TEXT, stage TEXT, code INTEGER, "     \
	"enhanced TEXT,"                                                      \
	" reply TEXT, queue_id TEXT, relay TEXT,"                             \
	" attempt INTEGER NOT NULL DEFAULT 0, next_try INTEGER, at INTEGER,"  \
	" ms INTEGER, first INTEGER, PRIMARY KEY(email_id, key)"              \
	") STRICT, WITHOUT ROWID;"                                            \
	"CREATE INDEX deliveries_owner ON deliveries(owner)"                  \
	" WHERE owner IS NOT NULL;"                                           \
	"CREATE TABLE rates("                                                 \
	" relay TEXT NOT NULL, account TEXT NOT NULL, span INTEGER NOT NULL," \
	" slice INTEGER NOT NULL, granted INTEGER NOT NULL,"                  \
	" PRIMARY KEY(relay, account, span, slice)"                           \
	") STRICT, WITHOUT ROWID;"

/*
 * What is left alone, and why (relay_stops.h). key: the domain, mailing or
 * sender; content: of a mailing.
 */
#define SCHEMA_STOPS                                                         \
	"CREATE TABLE stops("                                                \
	" relay TEXT NOT NULL, account TEXT NOT NULL, scope TEXT NOT NULL,"  \
	" key TEXT NOT NULL, content TEXT, class TEXT NOT NULL, stage TEXT," \
	" enhanced TEXT, reply TEXT, code INTEGER, at INTEGER NOT NULL,"     \
	" until INTEGER, PRIMARY KEY(relay, account, scope, key)"            \
	") STRICT, WITHOUT ROWID;"

/* The habits of a relay (relay_habits.h): full, envelope or none. */
#define SCHEMA_HABITS                                     \
	"CREATE TABLE relay_habits("                      \
	" relay TEXT NOT NULL, account TEXT NOT NULL,"    \
	" pipelining TEXT NOT NULL, at INTEGER NOT NULL," \
	" PRIMARY KEY(relay, account)) STRICT, WITHOUT ROWID;"

/*
 * The number of rows of deliveries without an owner, so that counting millions
 * takes no time. An absent class is ''. Triggers keep the numbers true.
 */
#define SCHEMA_TOTALS                                                        \
	"CREATE TABLE totals("                                               \
	" email_id TEXT NOT NULL, state TEXT NOT NULL, class TEXT NOT NULL," \
	" count INTEGER NOT NULL, PRIMARY KEY(email_id, state, class)"       \
	") STRICT, WITHOUT ROWID;"                                           \
	"CREATE TRIGGER deliveries_added AFTER INSERT ON deliveries"         \
	" WHEN new.owner IS NULL BEGIN " SCHEMA_COUNT_NEW "END;"             \
	"CREATE TRIGGER deliveries_settled"                                  \
	" AFTER UPDATE OF email_id, state, class, owner ON deliveries"       \
	" WHEN new.owner IS NULL BEGIN " SCHEMA_COUNT_NEW "END;"             \
	"CREATE TRIGGER deliveries_taken"                                    \
	" AFTER UPDATE OF email_id, state, class, owner ON deliveries"       \
	" WHEN old.owner IS NULL BEGIN " SCHEMA_UNCOUNT_OLD "END;"           \
	"CREATE TRIGGER deliveries_removed AFTER DELETE ON deliveries"       \
	" WHEN old.owner IS NULL BEGIN " SCHEMA_UNCOUNT_OLD "END;"
#define SCHEMA_COUNT_NEW                                               \
	"INSERT INTO totals"                                           \
	" VALUES(new.email_id, new.state, coalesce(new.class, ''), 1)" \
	" ON CONFLICT DO UPDATE SET count=count+1; "
#define SCHEMA_UNCOUNT_OLD                                            \
	"UPDATE totals SET count=count-1 WHERE email_id=old.email_id" \
	" AND state=old.state AND class=coalesce(old.class, ''); "

/*
 * How far the rows have each owner's journal: the generation of the file, and
 * bytes.
 */
#define SCHEMA_JOURNALS                                                  \
	"CREATE TABLE journals("                                         \
	" owner TEXT PRIMARY KEY NOT NULL, generation INTEGER NOT NULL," \
	" size INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

/*
 * How new the database is (generation.h); copied: when the database was made
 * as a copy of another. A mailing is uncertain when its rows are older than
 * what has happened: a person without a row may have got it.
 */
#define SCHEMA_GENERATION                                                   \
	"CREATE TABLE generation("                                          \
	" id TEXT NOT NULL, counter INTEGER NOT NULL, at INTEGER NOT NULL," \
	" copied INTEGER) STRICT;"                                          \
	"INSERT INTO generation VALUES(lower(hex(randomblob(16))), 0, 0,"   \
	" NULL);"                                                           \
	"ALTER TABLE emails ADD COLUMN uncertain INTEGER NOT NULL DEFAULT 0;"

/*
 * print: the fingerprint of the reply that refused or deferred (reply_model.h);
 * reopened: when a failed row was deferred again, since its refusal concerned
 * us. The answers of a relay are text (breaker.h), those about a domain too
 * (outage.h); the domain '' stands for all.
 */
#define SCHEMA_ANSWERS                                                       \
	"ALTER TABLE deliveries ADD COLUMN print INTEGER;"                   \
	"ALTER TABLE deliveries ADD COLUMN reopened INTEGER;"                \
	"CREATE INDEX deliveries_refused ON deliveries(at)"                  \
	" WHERE print IS NOT NULL;"                                          \
	"CREATE TABLE answers("                                              \
	" relay TEXT NOT NULL, account TEXT NOT NULL, domain TEXT NOT NULL," \
	" list TEXT NOT NULL, PRIMARY KEY(relay, account, domain)"           \
	") STRICT, WITHOUT ROWID;"

/* 1: the user id of the record was a number. */
#define SCHEMA_NUMBERS "ALTER TABLE deliveries ADD COLUMN user_number INTEGER;"

/*
 * The last plan that is known of a mailing (ledger_plan.h): how many it is for,
 * and who has approved it. It may be there before the mailing is.
 */
#define SCHEMA_PLANS                                                         \
	"CREATE TABLE plans("                                                \
	" email_id TEXT PRIMARY KEY NOT NULL, keys TEXT NOT NULL,"           \
	" planned INTEGER NOT NULL, unplanned INTEGER, at INTEGER NOT NULL," \
	" approved_by TEXT, approved_at INTEGER"                             \
	") STRICT, WITHOUT ROWID;"

/*
 * What came back, one row a recipient of a mailing (bounce_register.h).
 * cleared: when an operator took it out of the judgement.
 */
#define SCHEMA_BOUNCES                                                      \
	"CREATE TABLE bounces("                                             \
	" email_id TEXT NOT NULL, key TEXT NOT NULL, domain TEXT NOT NULL," \
	" kind TEXT NOT NULL, proof TEXT NOT NULL, class TEXT,"             \
	" enhanced TEXT, reply TEXT, at INTEGER NOT NULL, cleared INTEGER," \
	" PRIMARY KEY(email_id, key)) STRICT, WITHOUT ROWID;"               \
	"CREATE INDEX bounces_key ON bounces(key);"

/* How often the roster was changed (roster_changes.h). */
#define SCHEMA_CHANGES                                                  \
	"CREATE TABLE roster_changes(counter INTEGER NOT NULL) STRICT;" \
	"INSERT INTO roster_changes VALUES(0);"

/* How often it has changed, so that a sender need not read it again. */
#define SCHEMA_BOUNCE_CHANGES                                          \
	"CREATE TABLE bounce_changes(count INTEGER NOT NULL) STRICT;"  \
	"INSERT INTO bounce_changes SELECT count(*) FROM bounces;"     \
	"CREATE TRIGGER bounces_added AFTER INSERT ON bounces BEGIN"   \
	" UPDATE bounce_changes SET count=count+1; END;"               \
	"CREATE TRIGGER bounces_changed AFTER UPDATE ON bounces BEGIN" \
	" UPDATE bounce_changes SET count=count+1; END;"               \
	"CREATE TRIGGER bounces_removed AFTER DELETE ON bounces BEGIN" \
	" UPDATE bounce_changes SET count=count+1; END;"

/*
 * link: the course of the link that made a row. Acts that were taken over and
 * whose files may still be there (act_folder.h).
 */
#define SCHEMA_ACTS                                  \
	"ALTER TABLE optouts ADD COLUMN link TEXT;"  \
	"CREATE TABLE acts("                         \
	" folder TEXT NOT NULL, name TEXT NOT NULL," \
	" PRIMARY KEY(folder, name)) STRICT, WITHOUT ROWID;"

#define SCHEMA                                                   \
	SCHEMA_ROSTER SCHEMA_OPTOUTS SCHEMA_LEDGER SCHEMA_TOTALS \
	    SCHEMA_JOURNALS SCHEMA_GENERATION SCHEMA_STOPS

/* steps[n] turns version n into version n + 1. */
static const char *const steps[SCHEMA_VERSION] = {
    [1] = "ALTER TABLE deliveries ADD COLUMN first INTEGER;"
	  "ALTER TABLE stops ADD COLUMN until INTEGER;" SCHEMA_TOTALS
	  "INSERT INTO totals SELECT email_id, state, coalesce(class, ''), "
	  "count(*)"
	  " FROM deliveries WHERE owner IS NULL GROUP BY 1, 2, 3",
    /* Journals have frames (journal_line.h) from now on. */
    [2] = SCHEMA_JOURNALS,
    [3] = SCHEMA_GENERATION,
    /* A stop for the content of a mailing did not say which. */
    [4] =
	"ALTER TABLE stops RENAME TO old_stops;" SCHEMA_STOPS
	"INSERT INTO stops(relay, account, scope, key, class, reply, at,"
	" until) SELECT relay, account, 'account', '', class, reply, at, until"
	" FROM old_stops WHERE class NOT IN ('content', 'too_big');"
	"DROP TABLE old_stops",
    [5] = SCHEMA_HABITS,
    /* A time in a row of class breaker now means that it comes by itself. */
    [6] = SCHEMA_ANSWERS
    "UPDATE deliveries SET next_try=NULL WHERE class='breaker'",
    [7] = SCHEMA_NUMBERS,
    [8] = SCHEMA_PLANS,
    [9] = SCHEMA_BOUNCES,
    [10] = SCHEMA_CHANGES,
    [11] = SCHEMA_BOUNCE_CHANGES,
    [12] = SCHEMA_ACTS,
};

/* Reads the one integer of a pragma or a count. */
static int
read_number(struct db *db, const char *sql, int64_t *n, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, sql, f) < 0 || db_step(db, st, f) != 1)
		return -1;
	*n = db_int(st, 0);
	db_reset(st);
	return 0;
}

static int
read_version(struct db *db, int64_t *version, struct fail *f)
{
	int64_t application = 0;

	if (read_number(db, "PRAGMA application_id", &application, f) < 0 ||
	    read_number(db, "PRAGMA user_version", version, f) < 0)
		return -1;
	if (application != SCHEMA_APPLICATION)
		return fail_system(f,
		    "%s is no database of bm (bm-optout init makes one)",
		    db_path(db));
	if (*version > SCHEMA_VERSION)
		return fail_system(f,
		    "%s was made by a newer bm (schema %lld, this one knows "
		    "%d)",
		    db_path(db), (long long)*version, SCHEMA_VERSION);
	return 0;
}

int
schema_check(struct db *db, struct fail *f)
{
	int64_t version;

	if (read_version(db, &version, f) < 0)
		return -1;
	if (version < SCHEMA_VERSION)
		return fail_system(f,
		    "%s has the older schema %lld (bm-optout init --upgrade "
		    "brings it to %d)",
		    db_path(db), (long long)version, SCHEMA_VERSION);
	return 0;
}

/* An empty file is new, or its maker died before the schema was complete. */
static int
is_empty(struct db *db, bool *empty, struct fail *f)
{
	int64_t tables = 0, application = 0;

	if (read_number(db, "SELECT count(*) FROM sqlite_schema", &tables, f) !=
		0 ||
	    read_number(db, "PRAGMA application_id", &application, f) < 0)
		return -1;
	*empty = tables == 0 && application == 0;
	return 0;
}

int
schema_make(struct db *db, struct fail *f)
{
	char sql[120];
	bool empty;

	if (is_empty(db, &empty, f) < 0)
		return -1;
	if (!empty)
		return 0;
	snprintf(sql, sizeof(sql),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
	    SCHEMA_APPLICATION, SCHEMA_VERSION);
	if (db_exec(db, "PRAGMA journal_mode = WAL", f) < 0 ||
	    db_exec(db, "BEGIN IMMEDIATE; " SCHEMA, f) < 0 ||
	    db_exec(db, SCHEMA_HABITS, f) < 0 ||
	    db_exec(db, SCHEMA_ANSWERS SCHEMA_NUMBERS, f) < 0 ||
	    db_exec(db, SCHEMA_PLANS SCHEMA_BOUNCES SCHEMA_CHANGES, f) < 0 ||
	    db_exec(db, SCHEMA_BOUNCE_CHANGES SCHEMA_ACTS, f) < 0 ||
	    db_exec(db, sql, f) < 0)
		return -1;
	return 0;
}

/* The copy has personal data, so it gets the mode of the database. */
static int
copy_database(struct db *db, const char *path, struct fail *f)
{
	struct db_statement *st;

	if (db_files_make(path, f) < 0 ||
	    db_prepare(db, &st, "VACUUM INTO ?1", f) < 0)
		return -1;
	db_bind(st, 1, str_of(path));
	if (db_step(db, st, f) < 0)
		return fail_prefix(f, "cannot copy to %s", path);
	return 0;
}

/* Under the lock; another process may have upgraded before. */
static int
apply_steps(struct db *db, struct fail *f)
{
	int64_t version;
	char sql[60];

	if (read_version(db, &version, f) < 0)
		return -1;
	for (; version < SCHEMA_VERSION; version++) {
		if (version < 1 || steps[version] == NULL)
			return fail_system(f, "%s: schema %lld is unknown",
			    db_path(db), (long long)version);
		if (db_exec(db, steps[version], f) < 0)
			return -1;
	}
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", SCHEMA_VERSION);
	return db_exec(db, sql, f);
}

static int
upgrade_alone(struct db *db, int64_t version, struct buf *copy, struct fail *f)
{
	buf_printf(copy, "%s.schema-%lld", db_path(db), (long long)version);
	if (copy_database(db, buf_cstr(copy), f) < 0 ||
	    transaction_begin(db, f) < 0)
		return -1;
	if (apply_steps(db, f) < 0) {
		transaction_rollback(db);
		return -1;
	}
	return transaction_commit(db, f);
}

int
schema_upgrade(struct db *db, struct buf *copy, struct fail *f)
{
	int64_t version;
	struct fail ignored;
	int rc;

	if (read_version(db, &version, f) < 0)
		return -1;
	if (version == SCHEMA_VERSION)
		return 0;
	/* An older program that went on would not understand the journals. */
	if (exclusive_enter(db, f) < 0)
		return -1;
	rc = upgrade_alone(db, version, copy, f);
	if (exclusive_leave(db, rc < 0 ? &ignored : f) < 0)
		return -1;
	return rc;
}
