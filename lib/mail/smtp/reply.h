/*
 * Replies of an SMTP server (RFC 5321 4.2, RFC 2034): any length, any bytes.
 */
#ifndef MAIL_SMTP_REPLY_H
#define MAIL_SMTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define REPLY_TEXT 1000 /* bytes of text; the rest is cut */

/* The stage of the dialogue that a reply, or its absence, belongs to. */
enum reply_stage {
	STAGE_NONE,
	STAGE_CONNECT,
	STAGE_GREETING,
	STAGE_EHLO,
	STAGE_TLS,
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA,
	STAGE_BODY,
	STAGE_DOT,
};

/* "connect", "greeting" ...: the member "stage" of an outcome. */
const char *reply_stage_name(enum reply_stage);

struct reply {
	int code;          /* of the last line; 0: no reply */
	char enhanced[12]; /* "5.1.1" or "" */
	/* Lines joined by a space, codes cut off; UTF-8, no controls. */
	char text[REPLY_TEXT + 1];
};

/* Ready when zeroed. */
struct reply_reader {
	struct buf line;
	struct buf text;
	struct reply reply;
	size_t bytes; /* of this reply so far, dropped ones included */
};

enum reply_result {
	REPLY_MORE,    /* all input is consumed, the reply has not ended */
	REPLY_WHOLE,   /* reader->reply is complete, until the next call */
	REPLY_GARBAGE, /* not SMTP: close the connection */
};

/* Consume bytes from the front of *in, up to the end of one reply. */
enum reply_result reply_read(struct reply_reader *, struct str *in);
void reply_free(struct reply_reader *);

/* The server's id of an accepted message, in text; absent if not found. */
struct str reply_queue_id(struct str text);

#endif
