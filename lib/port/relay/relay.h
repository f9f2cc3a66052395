/*
 * The SMTP relay as a transport: connections with TLS and login by libcurl
 * (link.c), the dialogue by mail/smtp.c, the meaning of replies by
 * mail/retry.c.
 */
#ifndef PORT_RELAY_RELAY_H
#define PORT_RELAY_RELAY_H

#include "base/fail.h"
#include "port/relay/relay_params.h"
#include "port/relay/transport.h"

/*
 * A transport of up to params->connections connections; the params stay the
 * caller's and must outlive it. Nothing is connected before the first offer.
 */
int relay_open(struct transport **, const struct relay_params *, struct fail *);

/*
 * bm-send --check: connect, TLS, login, MAIL FROM with the sender, RSET,
 * QUIT; sends nothing. -1 with TEMP when it may pass, SYSTEM when a person
 * has to look; the text names stage and reply.
 */
int relay_check(const struct relay_params *, const char *sender, struct fail *);

#endif
