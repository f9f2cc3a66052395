/*
 * An SMTP connection up to the login, which the transport (libcurl) performs:
 * greeting, EHLO, STARTTLS, EHLO again, AUTH (RFC 5321 3.1, 3207, 4954). The
 * dialogue goes in; stage, extensions and reply come out. Credentials that a
 * reply repeats are masked with asterisks.
 */
#ifndef MAIL_SMTP_LOGIN_H
#define MAIL_SMTP_LOGIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/reply.h"

/* Ready when zeroed, with STAGE_CONNECT as the stage. */
struct login {
	enum reply_stage stage;
	struct ehlo ehlo;   /* of the last EHLO */
	struct reply reply; /* to the last command; code 0: none yet */
	bool authenticated; /* AUTH was answered with 235 */
	bool babbles;       /* the server does not speak SMTP */
	bool ehlo_begun;    /* the line with the server's name is read */
	struct reply_reader reader;
	struct buf secret; /* last word of the last line sent to log in */
};

/* A command that was sent; a line of the server, or a part of one. */
void login_said(struct login *, struct str command);
void login_heard(struct login *, struct str line);

/* Wipe the secret and free all memory. */
void login_free(struct login *);

#endif
