/*
 * A counter of the roster's changes, by which a prepared mailing is known to be
 * older than the roster.
 */
#ifndef PORT_ROSTER_ROSTER_CHANGES_H
#define PORT_ROSTER_ROSTER_CHANGES_H

#include "port/db/db.h"

/*
 * In the transaction of each change of courses, people, enrolments and roles.
 * SYSTEM.
 */
int roster_changes_raise(struct db *, struct fail *);

/* The counter of the database at that path; SYSTEM, TEMP as db_open(). */
int roster_changes_read(const char *path, int64_t *counter, struct fail *);

#endif
