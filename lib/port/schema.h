/*
 * The schema of the database, in one place. A change of any table raises
 * SCHEMA_VERSION, and bm-optout init --upgrade learns the step.
 *
 * Times are ms since 1970; ids are text; flags are 0 or 1.
 */
#ifndef PORT_SCHEMA_H
#define PORT_SCHEMA_H

#define SCHEMA_APPLICATION 0x626d6462 /* "bmdb", PRAGMA application_id */
#define SCHEMA_VERSION 1              /* PRAGMA user_version */

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

/* Who said no: append-only, the latest row of a person and scope counts. */
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
	" ms INTEGER, PRIMARY KEY(email_id, key)"                             \
	") STRICT, WITHOUT ROWID;"                                            \
	"CREATE INDEX deliveries_owner ON deliveries(owner)"                  \
	" WHERE owner IS NOT NULL;"                                           \
	"CREATE TABLE rates("                                                 \
	" relay TEXT NOT NULL, account TEXT NOT NULL, span INTEGER NOT NULL," \
	" slice INTEGER NOT NULL, granted INTEGER NOT NULL,"                  \
	" PRIMARY KEY(relay, account, span, slice)"                           \
	") STRICT, WITHOUT ROWID;"                                            \
	"CREATE TABLE stops("                                                 \
	" relay TEXT NOT NULL, account TEXT NOT NULL, class TEXT NOT NULL,"   \
	" reply TEXT, at INTEGER NOT NULL, PRIMARY KEY(relay, account)"       \
	") STRICT, WITHOUT ROWID;"

#define SCHEMA SCHEMA_ROSTER SCHEMA_OPTOUTS SCHEMA_LEDGER

#endif
