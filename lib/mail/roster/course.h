/*
 * A course: the members of records that describe it, and what its id may be.
 */
#ifndef MAIL_ROSTER_COURSE_H
#define MAIL_ROSTER_COURSE_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

struct course {
	struct str id;
	struct str title, url, image_url, language; /* may be absent */
	bool email_enabled;
};

/*
 * DATA if no new course may have the id: "*", which is the scope of all mail,
 * a blank or an invisible character at an end, a control character.
 */
int course_check_new_id(struct str id, struct fail *);

#endif
