/*
 * What is told of one recipient of a message that came back.
 */
#ifndef MAIL_BOUNCE_BOUNCE_KIND_H
#define MAIL_BOUNCE_BOUNCE_KIND_H

#include "base/str.h"
#include "mail/smtp/reply_rules.h"

enum bounce_kind {
	BOUNCE_UNKNOWN,   /* nothing that is known of anybody */
	BOUNCE_AUTO,      /* an automatic reply, or mail of a list */
	BOUNCE_DELIVERED, /* a report of success */
	BOUNCE_DELAYED,   /* the server tries again by itself */
	BOUNCE_SOFT,      /* failed, and the mailbox may exist */
	BOUNCE_POLICY,    /* failed because of us, or of the message */
	BOUNCE_HARD,      /* no such mailbox or domain */
	BOUNCE_COMPLAINT,
};

/* "unknown", "auto" ...: the member "kind" of a bounce record. */
const char *bounce_kind_name(enum bounce_kind);

/* One recipient; what is not known is empty, or 0. */
struct bounce {
	enum bounce_kind kind;
	enum reply_matter matter;
	struct str address; /* the one that mail was sent to, if that is told */
	struct str other;   /* the one that it was sent on to */
	char status[12];    /* enhanced code, RFC 3463 */
	int code;           /* of an SMTP reply */
	struct str text; /* what the server said: at most 1,000 bytes, UTF-8 */
};

/* The class of a failure, as of an outcome ("bad_mailbox"); NULL: no failure.
 */
const char *bounce_kind_class(const struct bounce *);

#endif
