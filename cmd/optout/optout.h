/*
 * The parts of bm-optout: each subcommand takes the command line without its
 * own name and gives the exit status.
 */
#ifndef CMD_OPTOUT_OPTOUT_H
#define CMD_OPTOUT_OPTOUT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/filter.h"
#include "base/options.h"
#include "mail/mime/addr.h"
#include "port/db/db.h"
#include "port/db/db_open.h"
#include "port/optout/optouts.h"

#define PROGRAM "bm-optout"
#define ALL_MAIL "*" /* the scope behind every course */

int optout_init(int argc, char **argv);
int optout_keygen(int argc, char **argv);
int optout_url(int argc, char **argv);
int optout_add(int argc, char **argv);
int optout_remove(int argc, char **argv);
int optout_list(int argc, char **argv);
int optout_history(int argc, char **argv);
int optout_check(int argc, char **argv);
int optout_filter(int argc, char **argv);
int optout_import(int argc, char **argv);
int optout_export(int argc, char **argv);
int optout_forget(int argc, char **argv);
int optout_cgi(int argc, char **argv);
int optout_mail(int argc, char **argv);

/* What every subcommand that works on the register has at hand. */
struct subcommand {
	struct options *o;
	struct db *db;
	struct filter *out; /* no input: stdout and the exit status */
	struct arena *arena;
};

/* For the option table: where --db goes; sessions read BM_DB. */
#define DB_OPTION(variable) \
	OPTION_TEXT("db", 0, &(variable), "FILE", "BM_DB", "the database")

/*
 * The frame of a subcommand: parse the options, open BM_DB, run the body and
 * report its failure, close. Gives the exit status.
 */
typedef int subcommand_fn(struct subcommand *, void *ctx, struct fail *);
int subcommand_run(struct options *o, int argc, char **argv, enum db_mode mode,
    subcommand_fn *body, void *ctx);

/* One person: an address, and a user id given or found in the roster. */
struct who {
	struct addr addr;
	struct str user_id; /* absent when not known */
};

/* DATA for an address that is none. user_id may be NULL. */
int subcommand_who(struct subcommand *, const char *address,
    const char *user_id, struct who *, struct fail *);

/* An option's value, NULL too, as text for the register. SYSTEM: no UTF-8. */
int subcommand_text(const char *option, const char *value, struct fail *);

/*
 * The scope that --course names; all mail without it. SYSTEM when it is empty,
 * as a script's unset variable leaves it: that would stop nothing.
 */
int subcommand_scope(const char *course, struct str *scope, struct fail *);

/* Milliseconds since 1970. */
int64_t subcommand_now(void);

/*
 * A line for the log. A token is a capability and stays out of it; the
 * beginning of its hash tells two of them apart.
 */
void subcommand_note_token(const char *act, struct str token, const char *what);

/* One row as an object and a newline, times in RFC 3339. */
void subcommand_put_row(struct buf *, const struct optout *);

#endif
