/*
 * Inside of smtp: its state, shared by what is said (smtp_say.c) and what is
 * heard (smtp.c).
 */
#ifndef MAIL_SMTP_SMTP_STATE_H
#define MAIL_SMTP_SMTP_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "mail/smtp/smtp.h"

#define AWAITED_MAX 8

/* What has been said and not been answered yet, oldest first. */
enum command {
	CMD_RSET,
	CMD_MAIL,
	CMD_RCPT,
	CMD_DATA,
	CMD_DOT,
	CMD_LONE_DOT,
	CMD_QUIT,
};

enum phase { PHASE_ENVELOPE, PHASE_BODY, PHASE_GATE };

struct smtp {
	struct ehlo ext;
	struct reply_reader reader;

	/*
	 * dotted: its dot is sent. current: between MAIL and dot. next: not
	 * begun.
	 */
	struct smtp_message dotted, current, next;
	bool has_dotted, has_current, has_next;

	enum phase phase;     /* of current */
	enum command command; /* the next one to say in PHASE_ENVELOPE */
	bool judged;          /* current's fate is told; what is left drains */
	bool accepted;        /* its recipient */
	bool eightbit;
	bool open;       /* current's gate */
	size_t encoded;  /* bytes of current's text */
	bool needs_rset; /* a transaction was begun and not ended */

	enum command awaited[AWAITED_MAX];
	size_t awaited_count;

	struct buf out;
	size_t out_sent;
	unsigned long long sent;   /* bytes, since the beginning */
	unsigned long long dot_at; /* bytes up to the end of the last dot */

	struct smtp_event *events;
	size_t event_count, event_cap, event_next;

	bool quitting;
	bool abandoned; /* only the reply to the dot is awaited */
	bool over;      /* nothing is said any more */
};

/* A new event; valid until the next one. */
struct smtp_event *smtp_push(
    struct smtp *, enum smtp_event_type, void *owner, enum reply_stage);

/* The place of current is free: the next message moves up. */
void smtp_move_up(struct smtp *);

/* This command was put down: its reply is to come. */
void smtp_await(struct smtp *, enum command);

/* Put down what may be said now. */
void smtp_fill(struct smtp *);

/*
 * Take back what was put down of current's envelope if nothing of it has
 * left; else false.
 */
bool smtp_unsay(struct smtp *);

#endif
