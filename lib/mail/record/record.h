/*
 * What the records have in common that the programs pass to one another
 * (bm-records.5): identifiers, and members of their JSON objects.
 */
#ifndef MAIL_RECORD_RECORD_H
#define MAIL_RECORD_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/json.h"

/*
 * An email id is 1-64 characters of [A-Za-z0-9._-], not beginning with "." or
 * "-"; a course id is 1-255 bytes without control characters. DATA.
 */
int record_check_email_id(struct str, struct fail *);
int record_check_course_id(struct str, struct fail *);

/*
 * The decoded string of a member, in the arena or the parsed line; absent
 * (p == NULL) if the member is missing or null. DATA names the member.
 */
int record_get_string(struct str *, const struct json_object *,
    const char *name, struct arena *, struct fail *);

/* As above; DATA also if the string is absent or empty. */
int record_need_string(struct str *, const struct json_object *,
    const char *name, struct arena *, struct fail *);

/* The member "user_id": the text of a string or an integer; "" is absent. */
int record_get_user_id(
    struct str *, const struct json_object *, struct arena *, struct fail *);

/* True if the member "user_id" is a number, so that it stays one. */
bool record_user_id_is_number(const struct json_object *);

/* Append it as it came: an absent one as null. */
void record_put_user_id(struct buf *, struct str id, bool is_number);

/* Append a time in ms since 1970 as RFC 3339 text; null for 0. */
void record_put_time(struct buf *, const char *name, int64_t ms);

#endif
