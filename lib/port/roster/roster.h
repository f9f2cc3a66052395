/*
 * The roster: courses, people, enrolments and roles as they are stored.
 */
#ifndef PORT_ROSTER_ROSTER_H
#define PORT_ROSTER_ROSTER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"
#include "mail/roster/course.h"
#include "port/db/db.h"

/*
 * Read a course; its strings live in the arena. SYSTEM when there is no such
 * course, naming a near one.
 */
int roster_course(
    struct db *, struct course *, struct str id, struct arena *, struct fail *);

/* SYSTEM, saying who can change it, when the course's email is turned off. */
int roster_check_enabled(struct db *, const struct course *, struct fail *);

/* The same by its id; a course that the roster does not know may be mailed. */
int roster_check_course(struct db *, struct str id, struct fail *);

/*
 * SYSTEM "no WHAT "NAME"; did you mean ...?", with the nearest of the names
 * that a query yields; its ?1 is the course. Always -1.
 */
int roster_unknown(struct db *, const char *what, struct str name,
    const char *sql, struct str course_id, struct fail *);

/* SYSTEM when the ledger has no mailing of that id, naming a near one. */
int roster_check_mailing(struct db *, struct str email_id, struct fail *);

/* What bm-import sets; absent strings and a NULL leave what is stored. */
struct roster_course_change {
	struct str id, title, url, image_url, language;
	const bool *email_enabled;
};

/* Make or change a course in a transaction of its own; *added tells which. */
int roster_set_course(struct db *, const struct roster_course_change *,
    bool *added, struct fail *);

#endif
