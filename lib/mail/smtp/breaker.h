/*
 * A circuit breaker: many equal answers to different people concern us, and
 * not them. It opens before the whole list is refused. Pure: the caller keeps
 * the window by relay and account, for all processes.
 */
#ifndef MAIL_SMTP_BREAKER_H
#define MAIL_SMTP_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/smtp/answer.h"

#define BREAKER_RUN 10    /* equal answers in a row */
#define BREAKER_WINDOW 50 /* the latest answers, one a person */
#define BREAKER_SHARE 20  /* percent of the window that are equal */
#define BREAKER_SPAN_MS INT64_C(3600000) /* older answers do not count */

/* Closed and empty when zeroed. Times are ms since 1970. */
struct breaker {
	/* The oldest first, from the first refusal on. */
	struct answer list[BREAKER_WINDOW];
	size_t count;
	uint64_t open; /* the fingerprint that it opened for; 0: closed */
	bool again;    /* by replies of 4xx: it is tried again by itself */
	int level;     /* openings since the last accepted message */
	int64_t since; /* equal answers from this time on concern us */
	int64_t until; /* of the opening; then one equal answer opens it */
};

/*
 * Count an answer; true: the breaker is open, and this answer is one of those
 * that concern us. It opens by BREAKER_RUN equal answers in a row, whoever was
 * unknown between them, or by BREAKER_SHARE of the window. Answers about a
 * mailbox count in a row only; those of greylisting, only in one domain. A
 * message that is accepted after its time closes it.
 */
bool breaker_add(struct breaker *, const struct answer *);

/* True if it is open for this fingerprint. */
bool breaker_is_open(const struct breaker *, uint64_t print, int64_t now);

/* Its time is over now: an operator has looked, or has lifted the stop. */
void breaker_half_open(struct breaker *, int64_t now);

/* True if it is closed and has no refusal. */
bool breaker_is_clean(const struct breaker *);

/* Append it as lines of text; a damaged text gives an empty one. */
void breaker_put(struct buf *, const struct breaker *);
void breaker_parse(struct breaker *, struct str);

#endif
