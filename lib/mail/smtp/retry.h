/* What a reply means, and when to try again. */
#ifndef MAIL_SMTP_RETRY_H
#define MAIL_SMTP_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/smtp/reply_model.h"
#include "mail/smtp/stop_scope.h"

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
	int wait; /* seconds until the next attempt at least; 0: none */
	enum stop_scope scope; /* of PAUSE and ABORT */
};

/* reply->code 0: no reply came. reused: the connection has carried a message
 * before. sender and recipient are the envelope's. *model (or NULL) is filled
 * for a code of 400 or more. */
struct retry_verdict retry_judge_envelope(enum retry_profile, enum reply_stage,
    const struct reply *, bool reused, struct str sender, struct str recipient,
    struct reply_model *model);

/* The same before there is an envelope. */
struct retry_verdict retry_judge(
    enum retry_profile, enum reply_stage, const struct reply *, bool reused);

const char *retry_action_name(enum retry_action); /* "OK", "REDO" ... */

/* enum retry_profile of "generic" or "ses"; -1 for any other name. */
int retry_profile_parse(const char *);
enum retry_profile retry_profile_of_host(const char *);

/*
 * Milliseconds after attempt, which counts from 1: base x 2^(attempt - 1), at
 * most 960 s or the base if that is more, times 0.75 to 1.25 by random (0 to
 * UINT32_MAX), at least the verdict's wait.
 */
int64_t retry_delay(const struct retry_verdict *, long long attempt,
    int64_t base_ms, uint32_t random);

#endif
