/*
 * How a roster file is compared with the database.
 */
#ifndef PORT_ROSTER_STAGING_PARAMS_H
#define PORT_ROSTER_STAGING_PARAMS_H

#include <stdbool.h>

#include "mail/roster/roster_row.h"

struct staging_params {
	struct str course_id;
	struct str role; /* every row holds this role; absent: learners */
	bool sync;       /* remove enrolments (or roles) without a row */
	const struct roster_columns *columns;
};

#endif
