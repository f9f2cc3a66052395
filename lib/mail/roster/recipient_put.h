/*
 * A recipient record in the making (bm-records.5). All that is appended here
 * is an object without its closing brace, so that more can follow.
 */
#ifndef MAIL_ROSTER_RECIPIENT_PUT_H
#define MAIL_ROSTER_RECIPIENT_PUT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/json.h"
#include "mail/roster/course.h"

/* Absent strings leave their member out. */
struct recipient_line {
	struct str email, name, user_id, username, why, mode, cohort;
	struct str data; /* JSON object of merge fields */
};

/* The course's members as recipient_put_members() wants them, once for all
 * records. */
void recipient_put_course(struct buf *, const struct course *);

/* DATA when a text has control characters or data is no object of ours. */
int recipient_put_members(struct buf *, const struct recipient_line *,
    struct str course, struct arena *, struct fail *);

/*
 * A record from elsewhere: its own members, then what it lacks of the
 * course's. DATA when it is of another course.
 */
int recipient_put_record(struct buf *, const struct json_object *,
    struct str course_id, const struct course *, struct fail *);

#endif
