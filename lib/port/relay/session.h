/*
 * One connection to the relay with its dialogue: moves the bytes between
 * link.c and mail/smtp.c and watches the time.
 */
#ifndef PORT_RELAY_SESSION_H
#define PORT_RELAY_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/smtp/smtp.h"
#include "port/relay/connections.h"
#include "port/relay/relay_params.h"

enum session_state {
	SESSION_OPENING,
	SESSION_UP,
	SESSION_LEAVING, /* QUIT is said */
	SESSION_FAILED,  /* never came up: session_error() */
	SESSION_GONE,    /* ended; its messages have come back as events */
};

struct session;

/* Times are monotonic milliseconds. */
struct session *session_open(
    struct connections *, const struct relay_params *, int64_t now);
void session_close(struct session *);

enum session_state session_state(const struct session *);
const struct connection_error *session_error(const struct session *);

/*
 * Messages that may be given to it now: 2, 1 or 0. Never one whose MAIL would
 * not be said at once: until then it may be held or its recipient opt out.
 */
int session_room(const struct session *);
enum ehlo_result session_check(
    const struct session *, const struct smtp_message *);
void session_offer(struct session *, const struct smtp_message *, int64_t now);
void session_release(struct session *, const void *owner);

/* Nothing more is given to it; QUIT as soon as it is idle. */
void session_stop(struct session *);

/* Give back all but what only waits for the reply to its dot. */
void session_abandon(struct session *);

/* See what became of the link, what took too long, who has been idle. */
void session_tick(struct session *, int64_t now);

/* Send what there is; read what there is. */
void session_flush(struct session *, int64_t now);
void session_receive(struct session *, int64_t now);

/* Fill in what to wait for; false when there is no socket yet or any more. */
bool session_poll(const struct session *, struct connection_poll *);

bool session_event(struct session *, struct smtp_event *);

/* A message has gone over it before (and this one's failure may be its age). */
bool session_is_reused(const struct session *);

/* Why it ended without a reply, for people. */
const char *session_why(const struct session *);

#endif
