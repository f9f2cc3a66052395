/*
 * One connection to the relay, made by libcurl up to and including the login
 * (name lookup, TLS, EHLO, STARTTLS, AUTH); from then on its bytes are ours.
 * Opening one never holds up the others.
 */
#ifndef PORT_RELAY_CONNECTION_H
#define PORT_RELAY_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/fail.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/reply.h"
#include "port/relay/relay_params.h"

struct connections; /* all connections of a process */
struct connection;

/* The params must outlive it. */
struct connections *connections_open(
    const struct relay_params *, struct fail *);
void connections_close(
    struct connections *); /* after its last connection_close() */

enum connection_state { LINK_OPENING, LINK_UP, LINK_FAILED };

/* Begin to connect; the outcome is seen after connections_wait(). */
struct connection *connection_open(struct connections *);
void connection_close(struct connection *); /* without a word to the relay */

enum connection_state connection_state(const struct connection *);

/* Of one that is UP: what the last EHLO offered. */
const struct ehlo *connection_ehlo(const struct connection *);

/* Why it FAILED. */
struct connection_error {
	enum reply_stage stage;
	struct reply reply; /* code 0, and libcurl's text: it was no reply */
	const char *class;  /* "dns", "tls", "auth"; NULL: the reply says it */
};
const struct connection_error *connection_error(const struct connection *);

/* Bytes taken or given; 0: not now; -1: the connection is gone. */
ssize_t connection_send(struct connection *, struct str);
ssize_t connection_recv(struct connection *, char *p, size_t n);

/* What it has received may be there unseen by poll(2): ask until 0. */
bool connection_buffers(const struct connection *);

/*
 * Acknowledge at once what has come: a relay that writes its replies one by
 * one holds the next back until then (RFC 896), and we would wait 40 ms.
 */
void connection_ack(struct connection *);

struct connection_poll {
	struct connection *link;
	bool want_write;
	bool readable, writable; /* the result, for links that are UP */
};

/* Wait until something can be done, at most timeout_us. SYSTEM. */
int connections_wait(struct connections *, struct connection_poll *, size_t n,
    int timeout_us, struct fail *);

/* A line with the name and version of the library, for --version. */
void connection_library(struct buf *);

#endif
