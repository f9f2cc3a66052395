/*
 * What a reply means for the message, the recipient and the run: one table by
 * stage, code, enhanced code, text and relay profile; and the time of the next
 * attempt.
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
	RETRY_REDO,  /* at once on a new connection; not an attempt */
	RETRY_LATER, /* try this recipient again later */
	RETRY_SLOW,  /* reduce the load on the relay, try again */
	RETRY_PAUSE, /* stop the run; the cause may pass */
	RETRY_FAIL,  /* never send this message to this recipient */
	RETRY_DEAD,  /* send no message to this recipient any more */
	RETRY_ABORT, /* stop the run; an operator has to act */
	RETRY_MAYBE, /* unknown whether the message was accepted */
};

struct retry_verdict {
	enum retry_action action;
	const char *class; /* of the outcome (bm-records.5) */
	int wait;  /* seconds until the next attempt at least; 0: none */
	int tries; /* LATER: attempts before FAIL; 0: no limit */
};

/*
 * reply->code 0: no reply came (timeout, reset, closed). reused: the connection
 * has carried at least one message before.
 */
struct retry_verdict retry_judge(
    enum retry_profile, enum reply_stage, const struct reply *, bool reused);

/* "OK", "REDO" ... */
const char *retry_action_name(enum retry_action);

/* enum retry_profile of "generic" or "ses"; -1 for any other name. */
int retry_profile_parse(const char *);

/*
 * Milliseconds until the next attempt: base x 2^attempt, at most 32 x base,
 * times 0.75 to 1.25 by random (0 to UINT32_MAX), at least the verdict's wait.
 * attempt counts from 1 and is the one that has just failed.
 */
int64_t retry_delay(const struct retry_verdict *, long long attempt,
    int64_t base_ms, uint32_t random);

#endif
