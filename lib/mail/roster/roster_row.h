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
	struct str data; /* JSON object of strings; absent without merges */
};

/*
 * Check and convert one row; strings are in the fields or the arena. DATA
 * names the column; id and email are set all the same, where they can be read.
 */
int roster_row_parse(struct roster_row *, const struct roster_columns *,
    const struct str *fields, size_t count, struct arena *, struct fail *);

/* DATA if the row names another course. */
int roster_row_check_course(
    const struct roster_row *, struct str course_id, struct fail *);

/*
 * Parse a time to ms since 1970: RFC 3339, also with a blank for the "T" or
 * without a zone (UTC), as exports have it. DATA.
 */
int roster_row_time(struct str, int64_t *ms, struct fail *);

#endif
