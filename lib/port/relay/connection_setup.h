/*
 * libcurl's options for a connection.
 */
#ifndef PORT_RELAY_CONNECTION_SETUP_H
#define PORT_RELAY_CONNECTION_SETUP_H

#include "port/relay/relay_params.h"

/* Set what the relay's params say, and nothing of a login. */
void connection_setup(void *easy, const struct relay_params *);

#endif
