/*
 * What the subcommands of bm-optout share.
 */
#ifndef CMD_OPTOUT_SUBCOMMAND_H
#define CMD_OPTOUT_SUBCOMMAND_H

#include "base/arena.h"
#include "base/filter.h"
#include "base/options.h"
#include "mail/mime/addr.h"
#include "port/db/db_open.h"
#include "port/optout/optouts.h"
#include "port/store/store.h"

#define PROGRAM "bm-optout"
#define ALL_MAIL "*"     /* the scope of all courses */
#define DB_WAIT_MS 60000 /* for the lock of the database */

/* The options, the database and the output of one subcommand. */
struct subcommand {
	struct options *o;
	struct db *db;
	struct store *store; /* beside the roster in db */
	struct filter *out;  /* no input: stdout and the exit status */
	struct arena *arena;
	int searches;      /* of the roster for near addresses */
	bool empty_roster; /* as the first of them found */
};

/* The row of --db in an option table; subcommand_run() reads BM_DB. */
#define DB_OPTION(variable) \
	OPTION_TEXT("db", 0, &(variable), "FILE", "BM_DB", "the database")

/* Parses options, opens BM_DB, runs the body, reports; the exit status. */
typedef int subcommand_fn(struct subcommand *, void *ctx, struct fail *);
int subcommand_run(struct options *o, int argc, char **argv, enum db_mode mode,
    subcommand_fn *body, void *ctx);

/* Checks an option's value, which may be NULL. SYSTEM when it is not UTF-8. */
int subcommand_check_text(const char *option, const char *value, struct fail *);

/*
 * The scope of --course; all mail when course is NULL. SYSTEM when it is empty,
 * as a script's unset variable leaves it: that would stop nothing.
 */
int subcommand_scope(const char *course, struct str *scope, struct fail *);

/* Logs a line; the token, a capability, is shown as a piece of its hash. */
void subcommand_note_token(const char *act, struct str token, const char *what);

/* Appends a row as one JSON object and a newline, times in RFC 3339. */
void subcommand_put_row(struct buf *, const struct optout *);

#endif
