/*
 * The beginning of an SMTP connection as the transport makes it: greeting,
 * EHLO, STARTTLS, EHLO again, AUTH (RFC 5321 3.1, 3207, 4954). What is said
 * and heard goes in; how far it has come is seen. A server that repeats what
 * it was told while logging in is not quoted on that.
 */
#ifndef MAIL_SMTP_LOGIN_H
#define MAIL_SMTP_LOGIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/reply.h"

/* Zeroed but for a stage of STAGE_CONNECT it is ready. */
struct login {
	enum reply_stage stage;
	struct ehlo ehlo;   /* of the last EHLO: what holds now */
	struct reply reply; /* to what was said last; code 0: none yet */
	bool authenticated; /* 235 was heard */
	bool babbles;       /* what it says is no SMTP */
	bool ehlo_begun;    /* its first line, the server's name, is read */
	struct reply_reader reader;
	struct buf secret; /* the end of what was said last to log in */
};

/* A command of ours; one line of the server's, or a part of it. */
void login_said(struct login *, struct str command);
void login_heard(struct login *, struct str line);

/* Wipes the secret and frees what is held. */
void login_end(struct login *);

#endif
