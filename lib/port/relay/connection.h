/*
 * One connection to the relay, made by libcurl up to and including the login
 * (name lookup, TLS, EHLO, STARTTLS, AUTH); from then on its bytes are ours.
 * Opening one never holds up the others.
 */
#ifndef PORT_LINK_H
#define PORT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/fail.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/reply.h"
#include "port/relay/relay_params.h"

struct links; /* all connections of a process */
struct link;

/* The params must outlive it. */
struct links *links_open(const struct relay_params *, struct fail *);
void links_close(struct links *); /* after its last link_close() */

enum link_state { LINK_OPENING, LINK_UP, LINK_FAILED };

/* Begin to connect; the outcome is seen after links_wait(). */
struct link *link_open(struct links *);
void link_close(struct link *); /* without a word to the relay */

enum link_state link_state(const struct link *);

/* Of one that is UP: what the last EHLO offered. */
const struct ehlo *link_ehlo(const struct link *);

/* Why it FAILED. */
struct link_error {
	enum reply_stage stage;
	struct reply reply; /* code 0, and libcurl's text: it was no reply */
	const char *class;  /* "dns", "tls", "auth"; NULL: the reply says it */
};
const struct link_error *link_error(const struct link *);

/* Bytes taken or given; 0: not now; -1: the connection is gone. */
ssize_t link_send(struct link *, struct str);
ssize_t link_recv(struct link *, char *p, size_t n);

/* What it has received may be there unseen by poll(2): ask until 0. */
bool link_buffers(const struct link *);

/*
 * Acknowledge at once what has come: a relay that writes its replies one by
 * one holds the next back until then (RFC 896), and we would wait 40 ms.
 */
void link_ack(struct link *);

struct link_poll {
	struct link *link;
	bool want_write;
	bool readable, writable; /* the result, for links that are UP */
};

/* Wait until something can be done, at most timeout_us. SYSTEM. */
int links_wait(struct links *, struct link_poll *, size_t n, int timeout_us,
    struct fail *);

/* A line with the name and version of the library, for --version. */
void link_library(struct buf *);

#endif
