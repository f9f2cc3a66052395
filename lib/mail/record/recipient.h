/*
 * A recipient record (bm-records.5), as bm-recipients writes it.
 */
#ifndef MAIL_RECORD_RECIPIENT_H
#define MAIL_RECORD_RECIPIENT_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/json.h"

struct recipient {
	struct str email; /* required; the rest may be absent (p == NULL) */
	struct str name;
	struct str user_id; /* the text of a string or an integer */
	struct str username;
	struct str course_id;
	struct str course_title;
	struct str course_url;
	struct str why;
	struct json_object all; /* every member, known or not */
};

/*
 * Parse and check one line; a member that is null counts as absent. Strings
 * are in the arena or the line. DATA names the member.
 */
int recipient_parse(
    struct recipient *, struct str line, struct arena *, struct fail *);

#endif
