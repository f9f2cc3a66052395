/*
 * The mail transactions of one SMTP connection (RFC 5321) after login, as a
 * pure state machine: server's bytes and messages in, bytes to send and events
 * out. With PIPELINING (RFC 2920) the next envelope follows the dot at once.
 *
 * The gate: the dot of a message is never output before its smtp_release().
 * Only a refused recipient whose DATA is answered 354 gets an empty message
 * without a release; the reply to it is ignored.
 */
#ifndef MAIL_SMTP_SMTP_H
#define MAIL_SMTP_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/smtp_event.h"
#include "mail/smtp/smtp_message.h"

struct smtp;

struct smtp *smtp_new(const struct ehlo *);
void smtp_free(struct smtp *);

/* How many messages may be offered now: 2, 1 or 0. */
int smtp_room(const struct smtp *);
/* True if a message offered now would have its MAIL FROM sent at once. */
bool smtp_is_due(const struct smtp *);

/* Queue a message; smtp_room() is not 0 and ehlo_check() accepts it. */
void smtp_offer(struct smtp *, const struct smtp_message *);
/* Open the gate; no effect if the owner's message is not READY. */
void smtp_release(struct smtp *, const void *owner);

/* Bytes to send now, possibly none; then report that n were sent. */
struct str smtp_output(struct smtp *);
void smtp_sent(struct smtp *, size_t n);
/* Bytes received; after all of them: the connection is closed. */
void smtp_input(struct smtp *, struct str);
void smtp_closed(struct smtp *);

/* The next event, or false; ask after each of the calls above. */
bool smtp_event(struct smtp *, struct smtp_event *);

/*
 * End UNSENT the messages whose dot is not output, then GOODBYE, after the
 * reply to a dot. No GOODBYE if QUIT is still possible: the connection is
 * between transactions or drains a refused one.
 */
void smtp_abandon(struct smtp *);

/* No message is offered, no reply awaited. QUIT is sent only when idle. */
bool smtp_idle(const struct smtp *);
void smtp_quit(struct smtp *);

/* The stage, and its timeout in seconds (RFC 5321 4.5.3.2); 0: no limit. */
enum reply_stage smtp_waiting(const struct smtp *, int *seconds);

#endif
