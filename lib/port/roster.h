/*
 * The roster: courses, people, enrolments and roles as they are stored.
 */
#ifndef PORT_ROSTER_H
#define PORT_ROSTER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/mem.h"
#include "port/db.h"

struct course {
	struct str id;
	struct str title, url, image_url, language; /* may be absent */
	bool email_enabled;
};

/*
 * Read a course; its strings live in the arena. SYSTEM when there is no such
 * course, naming a near one.
 */
int roster_course(
    struct db *, struct course *, struct str id, struct arena *, struct fail *);

/* SYSTEM, saying who can change it, when the course's email is turned off. */
int roster_check_enabled(struct db *, const struct course *, struct fail *);

/* What bm-import sets; absent strings and a NULL leave what is stored. */
struct course_change {
	struct str id, title, url, image_url, language;
	const bool *email_enabled;
};

/* Make or change a course in a transaction of its own; *added tells which. */
int roster_set_course(
    struct db *, const struct course_change *, bool *added, struct fail *);

#endif
