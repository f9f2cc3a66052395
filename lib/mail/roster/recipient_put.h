/*
 * Writes recipient records (bm-records.5). Each function appends a JSON object
 * or members without the closing brace, so that more members can follow.
 */
#ifndef MAIL_ROSTER_RECIPIENT_PUT_H
#define MAIL_ROSTER_RECIPIENT_PUT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/json.h"
#include "mail/roster/course.h"

/* The members of one person; the member of an absent string is left out. */
struct recipient_put {
	struct str email, name, user_id, username, why, mode, cohort;
	struct str data; /* JSON object of merge fields */
};

/* The course's members: made once, for all calls of the next function. */
void recipient_put_course(struct buf *, const struct course *);

/*
 * A record of a person and the course's members. DATA: a text has a control
 * character, or data is not an object or has a reserved name.
 */
int recipient_put_members(struct buf *, const struct recipient_put *,
    struct str course, struct arena *, struct fail *);

/*
 * A copy of another program's record, and the course's members that it lacks.
 * DATA if its course_id is another one.
 */
int recipient_put_record(struct buf *, const struct json_object *,
    struct str course_id, const struct course *, struct fail *);

#endif
