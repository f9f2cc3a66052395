/*
 * The header line of a roster: which column says what of a person. Each column
 * that says nothing known, and each whose name is only likely, is a merge
 * field.
 */
#ifndef MAIL_ROSTER_ROSTER_COLUMNS_H
#define MAIL_ROSTER_ROSTER_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/roster/roster_synonyms.h"
#include "mail/roster/roster_time.h"

/* A merge field: its name in records and the index of its column. */
struct roster_columns_merge {
	const char *name;
	size_t column;
	bool none_is_empty; /* "None" is the export's word for no value */
	bool is_status;     /* its name speaks of a status or an enrolment */
	bool is_name;       /* a given or family name: NULL and N/A are none */
};

/* --column: the column that gives a field, by its title or as "#NUMBER". */
struct roster_columns_choice {
	struct str field, title;
};
struct roster_columns_choices {
	const struct roster_columns_choice *items;
	size_t count;
};

struct roster_columns {
	int at[ROSTER_COLUMNS]; /* index; -1: the file has no such column */
	bool likely[ROSTER_COLUMNS]; /* a bad value is left out, and counted */
	bool name_is_made;           /* of the given and the family name */
	bool name_is_family; /* beside a given name, unless it has it, too */
	unsigned systems;    /* of enum roster_system: they wrote the file */
	enum roster_time_order time_order; /* set by the reader of the rows */
	struct roster_columns_merge *merges;
	size_t merge_count;
	struct str *titles; /* trimmed; of each column */
	size_t count;
	const char **notes; /* for people: titles that become one name */
	size_t note_count;
};

#endif
