/*
 * Why a connection to the relay did not come up.
 */
#ifndef PORT_RELAY_CONNECTION_ERROR_H
#define PORT_RELAY_CONNECTION_ERROR_H

#include "mail/smtp/opening.h"
#include "mail/smtp/reply.h"

/* The remedy, where stage, reply and class do not tell it. */
enum connection_remedy {
	CONNECTION_REMEDY_NONE,
	CONNECTION_REMEDY_AGAIN, /* a new connection now, which is no failure */
	CONNECTION_REMEDY_LATER, /* no other try in this run */
	CONNECTION_REMEDY_LOCAL, /* the mistake is on this side */
};

struct connection_error {
	enum reply_stage stage;
	struct reply reply; /* code 0: no reply, but a text for people */
	const char *class;  /* "dns", "tls", "auth"...; NULL: by the reply */
	enum connection_remedy remedy;
};

enum connection_fault {
	CONNECTION_FAULT_NAME,   /* the host name is unknown */
	CONNECTION_FAULT_TLS,    /* the handshake failed */
	CONNECTION_FAULT_REPLY,  /* the reply is not SMTP */
	CONNECTION_FAULT_LOCAL,  /* our own files */
	CONNECTION_FAULT_SILENT, /* no answer in time */
	CONNECTION_FAULT_OTHER,
};

/* Fill in the error from how far the opening went, or with this text. */
void connection_error_set(struct connection_error *, const struct opening *,
    enum connection_fault, const char *text);

/* An error of our own words at this stage. */
void connection_error_say(struct connection_error *, enum reply_stage,
    const char *class, enum connection_remedy, const char *text);

#endif
