/*
 * One person of a roster: a row of a CSV file.
 */
#ifndef MAIL_ROSTER_ROSTER_ROW_H
#define MAIL_ROSTER_ROSTER_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"
#include "mail/roster/roster_columns.h"

/* Strings are absent (p == NULL) where the cell is empty or missing. */
struct roster_row {
	struct str id, username, email, key, name, mode, cohort, role, course;
	bool is_active;        /* the account; true by default */
	bool enrolled;         /* true by default */
	bool enrolled_unknown; /* the status cell is empty */
	int64_t last_login;    /* ms since 1970; 0: unknown */
	/* A merge field that says, as a status would, that the person has left;
	 * absent if none does. */
	struct str left_column, left_word;
	/* A field that is left out because its cell cannot be read;
	 * ROSTER_COLUMNS if there is none. */
	enum roster_column dropped;
	struct str dropped_cell;
	bool guarded; /* the address begins with an apostrophe */
	bool at_end;  /* the file ends behind the address, without a line end */
	struct str data; /* JSON object of strings; absent without merges */
};

/* Has the row nothing but separators? */
bool roster_row_is_empty(const struct str *fields, size_t count);

/*
 * The word for which the row is of nobody: without address, id and user name,
 * it has the points or averages of a gradebook, or it is the header line once
 * more. Else absent.
 */
struct str roster_row_skipped(
    const struct roster_columns *, const struct str *fields, size_t count);

/*
 * Check and convert one row; strings are in the fields or the arena. Missing
 * last fields are empty. DATA names the column; id and email are set all the
 * same, where they can be read.
 */
int roster_row_parse(struct roster_row *, const struct roster_columns *,
    const struct str *fields, size_t count, struct arena *, struct fail *);

/* DATA if the row names another course. */
int roster_row_check_course(
    const struct roster_row *, struct str course_id, struct fail *);

#endif
