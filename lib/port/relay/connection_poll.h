/*
 * What to wait for on a connection that is up, and what has happened.
 */
#ifndef PORT_RELAY_CONNECTION_POLL_H
#define PORT_RELAY_CONNECTION_POLL_H

#include <stdbool.h>

struct connection;

struct connection_poll {
	struct connection *connection;
	bool want_write;         /* wait until it can be written, too */
	bool readable, writable; /* the result */
};

#endif
