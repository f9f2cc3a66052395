/*
 * A message that came back, as far as its judgement needs it.
 */
#ifndef MAIL_BOUNCE_BOUNCE_MAIL_H
#define MAIL_BOUNCE_BOUNCE_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Bytes that are kept of a text, of a status, of fields of one kind. */
#define BOUNCE_MAIL_NOTICE 65536
#define BOUNCE_MAIL_STATUS 262144
#define BOUNCE_MAIL_FIELDS 16384

enum bounce_mail_text {
	/* Of its own header; subject and sender are decoded. */
	BOUNCE_FROM,
	BOUNCE_RETURN_PATH,
	BOUNCE_SUBJECT,
	BOUNCE_FAILED, /* X-Failed-Recipients */
	BOUNCE_AUTOMATIC,
	BOUNCE_PRECEDENCE,
	BOUNCE_TO,      /* each field that names a recipient, on a line */
	BOUNCE_THREADS, /* In-Reply-To and References */
	/* Its parts. */
	BOUNCE_NOTICE,   /* the text for people, up to the original */
	BOUNCE_HTML,     /* the same in HTML */
	BOUNCE_PREAMBLE, /* of a multipart, before its first boundary */
	BOUNCE_STATUS,   /* message/delivery-status (RFC 3464) */
	BOUNCE_FEEDBACK, /* message/feedback-report (RFC 5965) */
	/* Of the header of the message that it returns. */
	BOUNCE_SENT_ID, /* Message-ID */
	BOUNCE_SENT_TO,
	BOUNCE_SENT_FROM,
	BOUNCE_SENT_MARKS, /* fields that may have a token, a line each */
	BOUNCE_TEXTS,
};

struct bounce_mail {
	struct buf texts[BOUNCE_TEXTS]; /* empty for what it does not have */
	bool answers;    /* has a field of a responder, as X-Autoreply */
	bool listed;     /* has a field of a list, as List-Id */
	int64_t date;    /* of its own header, ms since 1970; or 0 */
	char report[40]; /* of multipart/report: its report-type */
};

struct str bounce_mail_text(const struct bounce_mail *, enum bounce_mail_text);

/* Make it empty, for the next message. */
void bounce_mail_reset(struct bounce_mail *);
void bounce_mail_free(struct bounce_mail *);

#endif
