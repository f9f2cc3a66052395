/*
 * What a reply means for the message, the recipient and the run: one table
 * over stage, code, enhanced code, text and relay profile; and when to try
 * again.
 */
#ifndef MAIL_SMTP_RETRY_H
#define MAIL_SMTP_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/smtp/reply.h"

enum retry_profile {
	RETRY_GENERIC,
	RETRY_SES, /* Amazon SES */
};

enum retry_action {
	RETRY_OK,    /* accepted */
	RETRY_REDO,  /* again at once on a fresh connection, not counted */
	RETRY_LATER, /* this recipient after a while */
	RETRY_SLOW,  /* the relay asks for less from everybody, then again */
	RETRY_PAUSE, /* stop the run, it may pass */
	RETRY_FAIL,  /* this message to this recipient never */
	RETRY_DEAD,  /* nothing to this recipient any more */
	RETRY_ABORT, /* stop the run, a person has to look */
	RETRY_MAYBE, /* nobody knows whether it was accepted */
};

struct retry_verdict {
	enum retry_action action;
	const char *class; /* of the outcome (bm-records.5) */
	int wait;          /* seconds before which to try again is no use; 0 */
	int tries;         /* LATER: this many, then FAIL; 0: no limit */
};

/*
 * reply->code 0: no reply came (timeout, reset, closed). reused: at least one
 * message has gone over this connection before.
 */
struct retry_verdict retry_judge(
    enum retry_profile, enum reply_stage, const struct reply *, bool reused);

/* "OK", "REDO" ... */
const char *retry_action_name(enum retry_action);

/* "generic" or "ses"; -1 when it is neither. */
int retry_profile_parse(const char *);

/*
 * Milliseconds until the next attempt: base x 2^attempt, at most 32 x
 * base, then x (0.75..1.25) by random, 0..UINT32_MAX; not below the verdict's
 * own wait. attempt from 1 is the one that has just failed.
 */
int64_t retry_delay(const struct retry_verdict *, long long attempt,
    int64_t base_ms, uint32_t random);

#endif
