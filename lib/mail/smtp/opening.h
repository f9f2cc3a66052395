/*
 * The opening of an SMTP connection, which the transport (libcurl) performs:
 * greeting, EHLO, STARTTLS, EHLO again (RFC 5321 3.1, 3207). The dialogue goes
 * in; stage, extensions and reply come out.
 */
#ifndef MAIL_SMTP_OPENING_H
#define MAIL_SMTP_OPENING_H

#include <stdbool.h>

#include "base/buf.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/reply.h"

/* Ready when zeroed, with STAGE_CONNECT as the stage. */
struct opening {
	enum reply_stage stage;
	struct ehlo ehlo;   /* of the last EHLO */
	struct reply reply; /* to the last command; code 0: none yet */
	bool babbles;       /* the server does not speak SMTP */
	bool ehlo_begun;    /* the line with the server's name is read */
	struct reply_reader reader;
	struct buf greeting;   /* its lines as they came, the codes included */
	struct buf extensions; /* the lines of the last EHLO behind the first */
};

/* A command that was sent; a line of the server, or a part of one. */
void opening_said(struct opening *, struct str command);
void opening_heard(struct opening *, struct str line);

/*
 * True if the greeting has begun and is not one that a client can go on from:
 * it has no end, or its line ends without CR.
 */
bool opening_is_odd(const struct opening *);

/* Append the greeting for people: in quotes, in one line, cut and harmless. */
void opening_quote_greeting(const struct opening *, struct buf *);

void opening_free(struct opening *);

#endif
