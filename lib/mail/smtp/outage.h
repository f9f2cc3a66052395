/*
 * An outage of a domain's directory: a server that has lost its list of
 * mailboxes says of everybody that there is no such mailbox. Pure: the caller
 * keeps the count by domain, relay and account, for all processes.
 */
#ifndef MAIL_SMTP_OUTAGE_H
#define MAIL_SMTP_OUTAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/smtp/answer.h"

#define OUTAGE_RUN 30     /* missing mailboxes in a row */
#define OUTAGE_WINDOW 100 /* the latest answers, one a person */
#define OUTAGE_SHARE 50   /* more percent of the window are an outage */
#define OUTAGE_SPAN_MS INT64_C(86400000) /* older answers do not count */

struct outage_mark {
	uint64_t who;
	int64_t at;
	bool dead;
};

/*
 * The answers of one domain; zeroed: no answers and no outage. Times are ms
 * since 1970.
 */
struct outage {
	/* The oldest first, from the first missing mailbox on. */
	struct outage_mark list[OUTAGE_WINDOW];
	size_t count;
	int64_t since; /* the count began, when there is an outage; or 0 */
};

/*
 * Count an answer about somebody of the domain; true: there is an outage, and
 * this answer is part of it. It begins with OUTAGE_RUN missing mailboxes in a
 * row or with more than OUTAGE_SHARE of the window, and ends when a probe finds
 * a mailbox.
 */
bool outage_add(struct outage *, const struct answer *);

/* True if there is none, and no missing mailbox is counted. */

bool outage_is_clean(const struct outage *);

/* Append it as lines of text; a damaged text gives an empty one. */
void outage_put(struct buf *, const struct outage *);
void outage_parse(struct outage *, struct str);

#endif
