/*
 * The state of an SMTP dialogue: private to smtp.c, smtp_say.c, smtp_hear.c.
 */
#ifndef MAIL_SMTP_SMTP_STATE_H
#define MAIL_SMTP_SMTP_STATE_H

#include "base/buf.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/pipelining.h"
#include "mail/smtp/smtp_command.h"
#include "mail/smtp/smtp_event.h"
#include "mail/smtp/smtp_message.h"

enum smtp_phase { PHASE_ENVELOPE, PHASE_BODY, PHASE_GATE };

struct smtp {
	struct ehlo ext;
	struct reply_reader reader;

	/* Dot sent; between MAIL and dot; MAIL not yet sent. */
	struct smtp_message dotted, current, next;
	bool has_dotted, has_current, has_next;

	enum smtp_phase phase;     /* of current */
	enum smtp_command command; /* PHASE_ENVELOPE: the next one to send */
	bool judged;               /* current has ended; its replies drain */
	bool accepted;             /* current's recipient */
	bool eightbit;
	bool open;       /* current's gate */
	size_t encoded;  /* bytes of current's text */
	bool needs_rset; /* the server has an unfinished transaction */

	/* Commands sent or in out whose reply has not come, oldest first. */
	enum smtp_command awaited[8];
	size_t awaited_count;
	struct pipelining_probe probe; /* pipelining; group is of current */
	struct buf out;
	size_t out_sent;
	unsigned long long sent;   /* bytes, of the whole connection */
	unsigned long long dot_at; /* value of sent after the last dot */

	struct smtp_event_queue events;

	bool quitting, over;
	bool abandoned; /* only the reply to the dot is awaited */
};

/* The stage that the dialogue is in. */
enum reply_stage smtp_state_stage(const struct smtp *);

/* End the dialogue with GOODBYE, once; the server's reply may be NULL. */
void smtp_state_goodbye(struct smtp *, const struct reply *);

void smtp_state_begin(struct smtp *, const struct smtp_message *current);
void smtp_state_advance(struct smtp *); /* next becomes current */
void smtp_state_await(struct smtp *, enum smtp_command);

bool smtp_state_pipelines(const struct smtp *); /* a group, not steps */

#endif
