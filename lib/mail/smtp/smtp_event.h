/*
 * What the SMTP dialogue reports to its caller. Each message offered gets
 * exactly one of REPLY, UNSENT and NO_REPLY, which ends it.
 */
#ifndef MAIL_SMTP_SMTP_EVENT_H
#define MAIL_SMTP_SMTP_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/smtp/reply.h"

enum smtp_event_type {
	SMTP_READY,    /* at the gate: all but a last piece is sent */
	SMTP_REPLY,    /* the end: refused at stage, or the reply to the dot */
	SMTP_UNSENT,   /* the end: connection lost at stage, dot not sent */
	SMTP_NO_REPLY, /* the end: dot sent and no reply came */
	SMTP_GOODBYE,  /* of no message: the caller closes the connection */
};

struct smtp_event {
	enum smtp_event_type type;
	void *owner; /* of the message; NULL for GOODBYE */
	enum reply_stage stage;
	struct reply reply; /* REPLY; GOODBYE: the server's, or code 0 */
};

/* Events that the caller has not read yet; empty when zeroed. */
struct smtp_event_queue {
	struct smtp_event *events;
	size_t count, cap, next;
};

/* Append an event without a reply; the result is valid until the next one. */
struct smtp_event *smtp_event_push(struct smtp_event_queue *,
    enum smtp_event_type, void *owner, enum reply_stage);

/* Take the oldest event; false if the queue is empty. */
bool smtp_event_pop(struct smtp_event_queue *, struct smtp_event *);

void smtp_event_free(struct smtp_event_queue *);

#endif
