/*
 * An SMTP relay as a transport. connection.c connects, with TLS and login,
 * session.c holds the SMTP dialogue, relay_verdict.c applies the replies.
 */
#ifndef PORT_RELAY_RELAY_H
#define PORT_RELAY_RELAY_H

#include "base/fail.h"
#include "port/relay/relay_params.h"
#include "port/relay/transport.h"

/*
 * A transport with up to params->connections connections, or SYSTEM. The
 * params stay the caller's and must outlive it. It connects at the first
 * offer.
 */
int relay_open(struct transport **, const struct relay_params *, struct fail *);

#endif
