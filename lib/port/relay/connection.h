/*
 * A connection to the relay: libcurl makes it (name lookup, TLS, EHLO,
 * STARTTLS), connection_login.c logs in; then session.c speaks SMTP over it.
 */
#ifndef PORT_RELAY_CONNECTION_H
#define PORT_RELAY_CONNECTION_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"
#include "mail/smtp/ehlo.h"
#include "port/relay/connection_error.h"
#include "port/relay/connection_poll.h"
#include "port/relay/connection_status.h"
#include "port/relay/login_desk.h"

/* libcurl at work on all connections that are being opened. */
struct connection_opener;

struct connection_opener *connection_opener_open(struct fail *); /* or NULL */
void connection_opener_close(struct connection_opener *);

/* Take the next steps of opening; SYSTEM. */
int connection_opener_perform(struct connection_opener *, struct fail *);

/* As connections_wait(), and take the next steps of opening. */
int connection_opener_wait(struct connection_opener *, struct connection_poll *,
    size_t n, int timeout_us, struct fail *);

/* Begin to connect; opener and desk must outlive the connection. */
struct connection *connection_open(
    struct connection_opener *, struct login_desk *);
void connection_close(struct connection *); /* sends no QUIT */

enum connection_status connection_state(const struct connection *);
const struct connection_error *connection_error(const struct connection *);

/* While OPENING: FAILED if the relay has been silent for too long. */
void connection_check_timeout(struct connection *, int64_t now);

/* When UP: what is offered and not ignored; the socket; ms of a slow reply. */
const struct ehlo *connection_ehlo(const struct connection *);
int connection_socket(const struct connection *);
int64_t connection_slowest(const struct connection *);

/* The line of --version with libcurl's name and version. */
void connection_library(struct buf *);

#endif
