/*
 * Why a connection to the relay did not come up.
 */
#ifndef PORT_RELAY_CONNECTION_ERROR_H
#define PORT_RELAY_CONNECTION_ERROR_H

#include "mail/smtp/login.h"
#include "mail/smtp/reply.h"

struct connection_error {
	enum reply_stage stage;
	struct reply reply; /* code 0: no reply, but a text for people */
	const char *class;  /* "dns", "tls", "auth"; NULL: by the reply */
};

enum connection_fault {
	CONNECTION_FAULT_NAME,   /* the host name is unknown */
	CONNECTION_FAULT_TLS,    /* the handshake failed */
	CONNECTION_FAULT_REPLY,  /* the reply is not SMTP */
	CONNECTION_FAULT_DENIED, /* the login was refused */
	CONNECTION_FAULT_OTHER,
};

/* Fill in the error from how far the login went, or with this text. */
void connection_error_set(struct connection_error *, const struct login *,
    enum connection_fault, const char *text);

/* The relay offers no login, but one is set. */
void connection_error_set_no_login(struct connection_error *);

#endif
