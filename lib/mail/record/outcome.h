/*
 * An outcome record (bm-records.5): what became of one message record.
 */
#ifndef MAIL_RECORD_OUTCOME_H
#define MAIL_RECORD_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum outcome_status {
	OUTCOME_SENT,
	OUTCOME_FAILED,
	OUTCOME_DEFERRED,
	OUTCOME_SKIPPED,
	OUTCOME_IN_DOUBT,
};

/* Absent strings are written as null. */
struct outcome {
	struct str email_id, course_id, user_id, email;
	enum outcome_status status;
	const char *class; /* "ok", "bad_mailbox" ... */
	const char *stage; /* "connect", "rcpt", "dot", "maildir", "none" ... */
	int code;          /* 0 without a reply */
	struct str enhanced;
	struct str reply;
	struct str queue_id;
	struct str message_id;
	struct str relay;
	long long attempt; /* from 1 */
	long long ms;
	int64_t at;
	int64_t next_try; /* 0: no other attempt */
	struct str was;   /* of a duplicate: its recipient's earlier status */
	struct str redirected_to; /* the address that a try went to */
	bool user_number;         /* the user id is a number */
	uint64_t print; /* the reply's fingerprint; 0: none; not written */
};

/*
 * Append one object and its newline, at most 4,096 bytes: the reply is cut at
 * 1,000 bytes, and further, then the other strings, if that is too long.
 */
void outcome_put(struct buf *, const struct outcome *);

/* "sent", "failed" ... and back; -1 for any other text. */
const char *outcome_status_name(enum outcome_status);
int outcome_status_parse(struct str);

#endif
