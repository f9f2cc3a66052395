/*
 * The members of records that describe the course.
 */
#ifndef MAIL_ROSTER_COURSE_H
#define MAIL_ROSTER_COURSE_H

#include <stdbool.h>

#include "base/str.h"

struct course {
	struct str id;
	struct str title, url, image_url, language; /* may be absent */
	bool email_enabled;
};

#endif
