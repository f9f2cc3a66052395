/*
 * A circuit breaker: refusals that all say the same are about us and not
 * about the recipients, and would burn the whole list.
 */
#ifndef MAIL_SMTP_BREAKER_H
#define MAIL_SMTP_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/smtp/reply.h"

#define BREAKER_RUN 10    /* identical refusals in a row */
#define BREAKER_WINDOW 50 /* messages looked back on */
#define BREAKER_SHARE 20  /* percent of the window, identical */

/* Zeroed, it is closed and knows nothing. */
struct breaker {
	uint64_t last[BREAKER_WINDOW]; /* what was said; 0: accepted */
	size_t count, next;
	unsigned run;
};

void breaker_accept(struct breaker *);

/*
 * Note a refusal; true when the breaker opens. Replies are identical when
 * code, enhanced code and text are, addresses and numbers in it aside. about
 * a recipient only (personal): a share of those is the list's fault and only
 * a run of them counts.
 */
bool breaker_refuse(struct breaker *, const struct reply *, bool personal);

#endif
