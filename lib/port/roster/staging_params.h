/*
 * How a roster file is compared with the database.
 */
#ifndef PORT_ROSTER_STAGING_PARAMS_H
#define PORT_ROSTER_STAGING_PARAMS_H

#include <stdbool.h>

#include "mail/roster/roster_row.h"

/* A row that is not taken, as far as it could be read. */
struct staging_refused {
	unsigned long line;
	struct str id, email; /* absent where they are not known */
};

/* How the caller hears of rows, by their lines. */
struct staging_hooks {
	void *ctx;
	void (*refuse)(
	    void *ctx, const struct staging_refused *, const struct fail *);
	/* The row is taken, and a person has to know what that means. */
	void (*note)(void *ctx, unsigned long line, struct str text);
};

struct progress;
struct staging_params {
	struct str course_id;
	struct str role;    /* every row holds this role; absent: learners */
	bool sync;          /* remove enrolments (or roles) without a row */
	struct str source;  /* before each id, like "sis:"; empty: none */
	bool change_people; /* another person may take over an id */
	const struct roster_columns *columns;
	struct progress *progress; /* counts the changes that are written */
};

#endif
