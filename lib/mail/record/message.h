/*
 * A message record (bm-records.5): bm-render writes it, bm-send reads it.
 */
#ifndef MAIL_RECORD_MESSAGE_H
#define MAIL_RECORD_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/json.h"

struct message {
	struct str email_id;
	struct str course_id;
	struct str user_id; /* may be absent */
	bool user_number;   /* the user id is a number */
	struct str email;
	struct str sender;  /* envelope sender; absent, or "": none */
	struct str content; /* SHA-256 in hexadecimal */
	struct str subject; /* the mailing's, a template; may be absent */
	int64_t expires;    /* ms since 1970; 0: never */
	bool test;          /* a test message, with links that change nothing */
	bool include_suppressed; /* sent although its recipient is left out */
	struct str message;      /* RFC 5322, CRLF line ends */
};

/*
 * Parse and check one line; a member that is null counts as absent. Strings
 * are in the arena or the line. DATA names the member; it is also DATA if the
 * message has a line that does not end with CRLF, or another CR or LF.
 */
int message_parse(
    struct message *, struct str line, struct arena *, struct fail *);

/*
 * What a line that message_parse() refuses tells all the same about whom it is:
 * email_id, course_id, user_id and email, each absent if it is not a string of
 * the form that it must have. Any bytes are a line.
 */
void message_identify(struct message *, struct str line, struct arena *);

/*
 * The text of a record's "message", in the arena or the record, with its line
 * ends checked as above. DATA.
 */
int message_text(
    struct str *, const struct json_object *, struct arena *, struct fail *);

/* Append one object and its newline. */
void message_put(struct buf *, const struct message *);

#endif
