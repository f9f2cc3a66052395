/*
 * The roster's courses, as they are stored, and the checks that refer to them.
 */
#ifndef PORT_ROSTER_ROSTER_H
#define PORT_ROSTER_ROSTER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/near.h"
#include "base/str.h"
#include "mail/roster/course.h"
#include "mail/roster/near_address.h"
#include "port/db/db.h"

/*
 * Read a course; its strings live in the arena. An unknown course is SYSTEM,
 * with the nearest id.
 */
int roster_course(
    struct db *, struct course *, struct str id, struct arena *, struct fail *);

/* SYSTEM, with the remedy, if email is turned off for the course. */
int roster_check_enabled(struct db *, const struct course *, struct fail *);

/* The same check by id; a course that is not in the roster passes. */
int roster_check_course(struct db *, struct str id, struct fail *);

/* Fail with SYSTEM: no WHAT "NAME"; did you mean ...? The suggestion is the
 * nearest name that was offered or that the query has in its first column; the
 * query's ?1 is the course. */
int roster_unknown(struct db *, const char *what, struct near, const char *sql,
    struct str course_id, struct fail *);

/*
 * Offer the key of every person of the roster; reads them all, which takes
 * 0.2 s for a million. Fails as db_step().
 */
int roster_near_address(struct db *, struct near_address *, struct fail *);

/* SYSTEM, with the nearest id, if the ledger has no such mailing. */
int roster_check_mailing(struct db *, struct str email_id, struct fail *);

/* SYSTEM for an id that no new course may have, unless a course has it. */
int roster_check_id(struct db *, struct str id, struct fail *);

/* Absent strings and NULL keep the stored values. */
struct roster_course_change {
	struct str id, title, url, image_url, language;
	const bool *email_enabled;
};

/* Add or change a course in a transaction of its own. SYSTEM, also as
 * roster_check_id(), TEMP. */
int roster_set_course(struct db *, const struct roster_course_change *,
    bool *added, struct fail *);

#endif
