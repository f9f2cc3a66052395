/*
 * bm-send --check: try the way of a message to the relay, up to its sender.
 */
#ifndef PORT_RELAY_RELAY_CHECK_H
#define PORT_RELAY_RELAY_CHECK_H

#include "base/fail.h"
#include "port/relay/relay_params.h"

/*
 * Connect, TLS, login, MAIL FROM with the sender, RSET, QUIT; sends no
 * message. TEMP: a later try may succeed; SYSTEM: a person has to look. The
 * text names the stage and quotes the reply.
 */
int relay_check(const struct relay_params *, const char *sender, struct fail *);

#endif
