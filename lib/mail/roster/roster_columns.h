/*
 * The header line of a roster file (CSV): the columns that the Open edX
 * dashboard exports, profiles and grades, in any order; any other column is a
 * merge field.
 */
#ifndef MAIL_ROSTER_ROSTER_COLUMNS_H
#define MAIL_ROSTER_ROSTER_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

enum roster_column {
	ROSTER_ID,
	ROSTER_USERNAME,
	ROSTER_EMAIL,
	ROSTER_NAME,
	ROSTER_ACTIVE,
	ROSTER_LOGIN,
	ROSTER_ENROLLED,
	ROSTER_MODE,
	ROSTER_COHORT,
	ROSTER_ROLE,
	ROSTER_COURSE,
	ROSTER_COLUMNS,
};

/* A merge field: its name in records and the index of its column. */
struct roster_columns_merge {
	const char *name;
	size_t column;
	bool none_is_empty; /* "None" is the export's word for no value */
	bool is_status;     /* its name speaks of a status or an enrolment */
};

struct roster_columns {
	int at[ROSTER_COLUMNS]; /* index; -1: the file has no such column */
	struct roster_columns_merge *merges;
	size_t merge_count;
	size_t count; /* fields that a row must have */
};

/*
 * Parse the header line into the arena. Names compare without case and
 * surrounding blanks, and known ones with "_" for a blank or hyphen; columns
 * without a name are ignored. DATA: no email
 * column, the same name twice, or a name reserved for another member.
 */
int roster_columns_parse(struct roster_columns *, const struct str *header,
    size_t count, struct arena *, struct fail *);

#endif
