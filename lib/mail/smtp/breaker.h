/*
 * A circuit breaker: many identical refusals concern the sender, not the
 * recipients. It opens before the whole list is refused.
 */
#ifndef MAIL_SMTP_BREAKER_H
#define MAIL_SMTP_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/smtp/reply.h"

#define BREAKER_RUN 10    /* identical refusals in a row */
#define BREAKER_WINDOW 50 /* the latest messages */
#define BREAKER_SHARE 20  /* percent of the window that are identical */

/* Closed and empty when zeroed. */
struct breaker {
	uint64_t last[BREAKER_WINDOW]; /* hashes of replies; 0: accepted */
	size_t count, next;
	unsigned run; /* equal results in a row, the latest included */
};

/* Record an accepted message. */
void breaker_accept(struct breaker *);

/*
 * Record a refusal; true if the breaker opens: BREAKER_RUN identical refusals
 * in a row, or more than BREAKER_SHARE of a full window. Replies are identical
 * if code, enhanced code and text are, except for addresses and numbers in the
 * text. personal: the refusal concerns the recipient, so that only the run
 * counts; a large share means a bad list.
 */
bool breaker_refuse(struct breaker *, const struct reply *, bool personal);

#endif
