/*
 * The records that the programs pass to one another (bm-records.5).
 */
#ifndef MAIL_RECORD_RECORD_H
#define MAIL_RECORD_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
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

struct message {
	struct str email_id;
	struct str course_id;
	struct str user_id; /* may be absent */
	struct str email;
	struct str sender;  /* envelope sender; may be absent */
	struct str content; /* SHA-256 in hexadecimal */
	struct str subject; /* the mailing's, a template; may be absent */
	int64_t expires;    /* ms since 1970; 0 when it never does */
	struct str message; /* RFC 5322, CRLF line ends */
};

enum outcome_status {
	OUTCOME_SENT,
	OUTCOME_FAILED,
	OUTCOME_DEFERRED,
	OUTCOME_SKIPPED,
	OUTCOME_IN_DOUBT,
};

/* What became of one message read; absent strings are written as null. */
struct outcome {
	struct str email_id, course_id, user_id, email;
	enum outcome_status status;
	const char *class; /* "ok", "bad_mailbox" ... */
	const char *stage; /* "connect", "rcpt", "dot", "maildir", "none" ... */
	int code;          /* 0 when there was no reply */
	struct str enhanced;
	struct str reply;
	struct str queue_id;
	struct str message_id;
	struct str relay;
	long long attempt; /* from 1 */
	long long ms;
	int64_t at;
	int64_t next_try; /* 0 when there is none */
	struct str was;   /* of a duplicate: the status it has already */
};

/*
 * Parse and check one line; DATA names the member. A member that is null
 * counts as absent. A message must have CRLF at every line end and no other
 * CR or LF.
 */
int record_recipient(
    struct recipient *, struct str line, struct arena *, struct fail *);
int record_message(
    struct message *, struct str line, struct arena *, struct fail *);

/* One object and its newline. */
void record_put_message(struct buf *, const struct message *);

/* At most 4,096 bytes: the reply is cut at 1,000, further if need be. */
void record_put_outcome(struct buf *, const struct outcome *);

/*
 * An email id is 1-64 characters of [A-Za-z0-9._-], not beginning with "." or
 * "-"; a course id is 1-255 bytes without control characters. DATA.
 */
int record_check_email_id(struct str, struct fail *);
int record_check_course_id(struct str, struct fail *);

/* "sent", "failed" ... and back; -1 when it is none. */
const char *record_status_name(enum outcome_status);
int record_status_parse(struct str);

#endif
