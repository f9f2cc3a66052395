/* The SMTP dialogue over one connection: moves bytes, keeps time limits. */
#ifndef PORT_RELAY_SESSION_H
#define PORT_RELAY_SESSION_H

#include "mail/smtp/pipelining.h"
#include "mail/smtp/smtp.h"
#include "port/relay/connections.h"
#include "port/relay/relay_params.h"

enum session_state {
	SESSION_OPENING,
	SESSION_UP,
	SESSION_LEAVING, /* QUIT is sent */
	SESSION_FAILED,  /* did not come up: session_error() */
	SESSION_GONE,    /* ended; its messages have events */
};

struct session;
/* All times are monotonic milliseconds. */
struct session *session_open(struct connections *, const struct relay_params *,
    struct pipelining *, int64_t now);
void session_close(struct session *);
enum session_state session_state(const struct session *);
const struct connection_error *session_error(const struct session *);

/*
 * The number of messages that it takes now: 0 to 2. It takes one only if MAIL
 * is sent at once: until then a hold or an opt-out can still stop it.
 */
int session_room(const struct session *);
enum ehlo_result session_check(
    const struct session *, const struct smtp_message *);
void session_offer(struct session *, const struct smtp_message *, int64_t now);
void session_release(struct session *, const void *owner);

/* Take no more messages; QUIT when it is idle. */
void session_stop(struct session *);
/* Stop, and return all messages whose dot is not sent. */
void session_abandon(struct session *);

/* Check connection, age and time limits. */
void session_tick(struct session *, int64_t now);
/* Send all output; receive all input. */
void session_flush(struct session *, int64_t now);
void session_receive(struct session *, int64_t now);
/* Fill in what to wait for; false: it has no socket. */
bool session_poll(const struct session *, struct connection_poll *);
/* As session_poll(); false also unless a dot waits behind an open gate. */
bool session_poll_gate(const struct session *, struct connection_poll *);
/* Before that dot is sent: receive, if readable, the relay's last words. */
void session_check_gate(struct session *, bool readable, int64_t now);
bool session_event(struct session *, struct smtp_event *);

/* True if a message has ended: a later failure may come from its age. */
bool session_is_reused(const struct session *);
bool session_is_probed(const struct session *); /* a probe has failed */
/* Why it ended without a reply, as a text for people. */
const char *session_why(const struct session *);

#endif
