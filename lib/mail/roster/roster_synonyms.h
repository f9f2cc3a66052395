/*
 * What other systems and people call the columns of a roster: one table.
 */
#ifndef MAIL_ROSTER_ROSTER_SYNONYMS_H
#define MAIL_ROSTER_ROSTER_SYNONYMS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "mail/roster/roster_column.h"

/* Systems that are told by columns that no other has; bits. */
enum roster_system {
	ROSTER_EDX = 1,
	ROSTER_MOODLE = 2,
	ROSTER_CANVAS = 4,
	ROSTER_BLACKBOARD = 8,
	ROSTER_BRIGHTSPACE = 16,
};

/* How sure a synonym is. Of two columns for one field the surer is it. */
enum roster_surety {
	ROSTER_PRIME,  /* bm's own name; two of them are a contradiction */
	ROSTER_REPORT, /* of reports; a merge field beside a prime one */
	ROSTER_LIKELY, /* of other systems; remains a merge field, too */
};

struct roster_synonym {
	const char *name; /* lower case; blanks are underscores */
	enum roster_column column;
	enum roster_surety surety;
	unsigned systems; /* the name means this in their files; 0: in all */
};

/*
 * A title as titles compare: without case, blanks, punctuation and invisible
 * characters. In the arena.
 */
struct str roster_synonyms_fold(struct str title, struct arena *);

/* The systems that have a column of this folded title; 0 if there is none. */
unsigned roster_synonyms_system(struct str folded);

/*
 * The synonym for a title and its folded form in a file of these systems, or
 * NULL. Its surety is in *surety: a title that is another spelling of a prime
 * name is a likely one. *rank is smaller for the better of two likely ones.
 */
const struct roster_synonym *roster_synonyms_find(struct str title,
    struct str folded, unsigned systems, enum roster_surety *surety,
    size_t *rank);

/* The field of this name, for --column, or ROSTER_COLUMNS; and its name. */
enum roster_column roster_synonyms_field(struct str name);
const char *roster_synonyms_name(enum roster_column);

#endif
