/*
 * A connection to the relay: libcurl makes it, login included (name lookup,
 * TLS, EHLO, STARTTLS, AUTH); then session.c speaks SMTP over it.
 */
#ifndef PORT_RELAY_CONNECTION_H
#define PORT_RELAY_CONNECTION_H

#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/fail.h"
#include "mail/smtp/ehlo.h"
#include "port/relay/connection_error.h"
#include "port/relay/connection_poll.h"
#include "port/relay/relay_params.h"

/* libcurl at work on all connections that are being opened. */
struct connection_opener;

struct connection_opener *connection_opener_open(struct fail *); /* or NULL */
void connection_opener_close(struct connection_opener *);

/* Take the next steps of opening; SYSTEM. */
int connection_opener_perform(struct connection_opener *, struct fail *);

/* As connections_wait(), and take the next steps of opening. */
int connection_opener_wait(struct connection_opener *, struct connection_poll *,
    size_t n, int timeout_us, struct fail *);

/* Begin to connect; opener and params must outlive the connection. */
struct connection *connection_open(
    struct connection_opener *, const struct relay_params *);
void connection_close(struct connection *); /* sends no QUIT */

enum connection_state { CONNECTION_OPENING, CONNECTION_UP, CONNECTION_FAILED };
enum connection_state connection_state(const struct connection *);
const struct connection_error *connection_error(const struct connection *);

/* While OPENING: FAILED if the relay has been silent for too long. */
void connection_check_timeout(struct connection *, int64_t now);

/* When UP: the reply to the last EHLO; the socket. */
const struct ehlo *connection_ehlo(const struct connection *);
int connection_socket(const struct connection *);

/* The number of bytes sent or received; 0: not now; -1: disconnected. */
ssize_t connection_send(struct connection *, struct str);
ssize_t connection_recv(struct connection *, char *p, size_t n);

/* The line of --version with libcurl's name and version. */
void connection_library(struct buf *);

#endif
