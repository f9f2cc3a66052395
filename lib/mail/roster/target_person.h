/*
 * A person of a course, as far as targets ask about the person.
 */
#ifndef MAIL_ROSTER_TARGET_PERSON_H
#define MAIL_ROSTER_TARGET_PERSON_H

#include <stdbool.h>

#include "base/str.h"

struct target_person {
	struct str user_id;
	struct str mode, cohort; /* may be absent */
	bool enrolled;           /* and the enrolment is active */
	bool staff;              /* has the role staff or instructor */
	bool active;             /* the account */
	bool recent;             /* logged in recently, or never */
};

#endif
