/*
 * The mail transactions of one SMTP connection (RFC 5321) after login, as a
 * pure state machine: what the server says and the next message go in, bytes
 * to send and events come out. Pipelined (RFC 2920) with the next envelope
 * behind the body where the server offers it, else step by step.
 *
 * The gate: the dot that ends a message is never among the bytes to send
 * before smtp_release() for that message. The one dot that leaves without is
 * that of an empty message whose recipient was refused and whose DATA was
 * answered 354 all the same; its reply is nobody's.
 */
#ifndef MAIL_SMTP_SMTP_H
#define MAIL_SMTP_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/reply.h"

/* Borrowed from smtp_offer() to the event that ends it. */
struct smtp_message {
	struct str sender; /* may be empty: the null reverse-path */
	struct str recipient;
	struct str text; /* RFC 5322, CRLF, not dot-stuffed */
	bool needs_smtputf8;
	void *owner;
};

enum smtp_event_type {
	SMTP_READY,    /* at the gate: all but a last piece is sent */
	SMTP_REPLY,    /* the end: refused at stage, or the reply to the dot */
	SMTP_UNSENT,   /* the end: connection lost at stage, dot not sent */
	SMTP_NO_REPLY, /* the end: dot sent and no reply came */
	SMTP_GOODBYE,  /* of no message: the connection is to be closed */
};

struct smtp_event {
	enum smtp_event_type type;
	void *owner;
	enum reply_stage stage;
	struct reply reply; /* REPLY; GOODBYE with parting words, else code 0 */
};

struct smtp;

struct smtp *smtp_new(const struct ehlo *);
void smtp_free(struct smtp *);

/*
 * How many messages may be offered now: 2, 1 (it is the next one) or 0. Each
 * has to fit by ehlo_check().
 */
int smtp_room(const struct smtp *);

/* The MAIL of one that is offered now would be the next thing to say. */
bool smtp_is_due(const struct smtp *);

void smtp_offer(struct smtp *, const struct smtp_message *);

/* Open the gate; of no effect when the message does not stand before it. */
void smtp_release(struct smtp *, const void *owner);

/* Bytes to be sent now, perhaps none; then say how many were. */
struct str smtp_output(struct smtp *);
void smtp_sent(struct smtp *, size_t n);

/* Bytes received; the connection is gone, all that came has been given. */
void smtp_input(struct smtp *, struct str);
void smtp_closed(struct smtp *);

/* The next event, or false: to be asked after each of the calls above. */
bool smtp_event(struct smtp *, struct smtp_event *);

/*
 * Give back all whose dot is not said: they end UNSENT. Then GOODBYE, when no
 * reply to a dot is awaited; but a refused message is brought to its end, and
 * QUIT can be said after it.
 */
void smtp_abandon(struct smtp *);

/* Nothing offered and nothing awaited. */
bool smtp_idle(const struct smtp *);

/* Say QUIT; only when idle. */
void smtp_quit(struct smtp *);

/* What is going on, and the seconds RFC 5321 4.5.3.2 grants it (0: ever). */
enum reply_stage smtp_waiting(const struct smtp *, int *seconds);

#endif
