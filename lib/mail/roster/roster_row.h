/*
 * One person of a roster as a CSV file gives it: the columns that the Open edX
 * dashboard exports, in any order, and any other column as a merge field.
 */
#ifndef MAIL_ROSTER_ROSTER_ROW_H
#define MAIL_ROSTER_ROSTER_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

enum roster_row_field {
	PERSON_ID,
	PERSON_USERNAME,
	PERSON_EMAIL,
	PERSON_NAME,
	PERSON_ACTIVE,
	PERSON_LOGIN,
	PERSON_ENROLLED,
	PERSON_MODE,
	PERSON_COHORT,
	PERSON_ROLE,
	PERSON_COURSE,
	PERSON_FIELDS,
};

/* A column that is a merge field: its name in records and its place. */
struct roster_row_merge {
	const char *name;
	size_t column;
};

struct roster_row_columns {
	int at[PERSON_FIELDS]; /* -1: the file has no such column */
	struct roster_row_merge *merges;
	size_t merge_count;
	size_t count; /* fields that a row must have */
};

/*
 * Read the header line. Names compare without case and surrounding blanks; a
 * column without a name is left out. DATA: no email column, two names alike,
 * a name that records need for something else. Lives in the arena.
 */
int roster_row_columns(struct roster_row_columns *, const struct str *header,
    size_t count, struct arena *, struct fail *);

/* Strings are absent (p == NULL) where the cell is empty or missing. */
struct roster_row {
	struct str id, username, email, key, name, mode, cohort, role, course;
	bool is_active;     /* the account; true unless the file says no */
	bool enrolled;      /* likewise */
	int64_t last_login; /* ms since 1970; 0 when there was none */
	struct str data;    /* JSON object of strings; absent without merges */
};

/* Check and convert one row. DATA names the column. */
int roster_row_parse(struct roster_row *, const struct roster_row_columns *,
    const struct str *fields, size_t count, struct arena *, struct fail *);

/* DATA when the row says that it is of another course. */
int roster_row_check_course(
    const struct roster_row *, struct str course_id, struct fail *);

/* No line breaks or other control characters: may stand in a header. DATA. */
int roster_row_check_text(const char *what, struct str, struct fail *);

/* A time as exports write it: RFC 3339, or with a blank, or without zone. */
int roster_row_time(struct str, int64_t *ms, struct fail *);

#endif
