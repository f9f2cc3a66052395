/*
 * The scope that --course names: a course that the database has, or all mail.
 */
#ifndef CMD_OPTOUT_SCOPE_H
#define CMD_OPTOUT_SCOPE_H

#include "optout/subcommand.h"

#define SCOPE_FORCE_OPTION(variable)         \
	OPTION_FLAG("force", 0, &(variable), \
	    "take a course that the database does not have (yet)")

enum scope_use {
	SCOPE_ENTER, /* for a new entry: opt-outs make no course known */
	SCOPE_ASK,   /* about a person: the register's courses are known, too */
	SCOPE_FIND,  /* of entries that must be there */
};

/*
 * All mail when course is NULL. SYSTEM, with the nearest id, for an unknown
 * course without force, and as subcommand_scope(). A database without courses
 * and mailings has nothing to compare with: there SCOPE_ENTER takes every
 * course, with a note, and SCOPE_ASK, too.
 */
int scope_find(struct subcommand *, const char *course, enum scope_use,
    bool force, struct str *scope, struct fail *);

#endif
