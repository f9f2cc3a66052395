/*
 * A recipient record in the making (bm-records.5). All that is appended here
 * is an object without its closing brace, so that more can follow.
 */
#ifndef MAIL_ENTRY_H
#define MAIL_ENTRY_H

#include "base/buf.h"
#include "base/fail.h"
#include "base/json.h"
#include "base/mem.h"
#include "mail/roster/course.h"

/* Absent strings leave their member out. */
struct entry {
	struct str email, name, user_id, username, why, mode, cohort;
	struct str data; /* JSON object of merge fields */
};

/* The course's members as entry_put() wants them, once for all records. */
void entry_put_course(struct buf *, const struct course *);

/* DATA when a text has control characters or data is no object of ours. */
int entry_put(struct buf *, const struct entry *, struct str course,
    struct arena *, struct fail *);

/*
 * A record from elsewhere: its own members, then what it lacks of the
 * course's. DATA when it is of another course.
 */
int entry_put_record(struct buf *, const struct json_object *,
    struct str course_id, const struct course *, struct fail *);

#endif
