/*
 * The state of a connection: private to connection*.c; relay_check_facts.c
 * tells what is in it.
 */
#ifndef PORT_RELAY_CONNECTION_STATE_H
#define PORT_RELAY_CONNECTION_STATE_H

#include <stdint.h>

#include "mail/smtp/login.h"
#include "mail/smtp/opening.h"
#include "port/relay/connection_facts.h"
#include "port/relay/connection_status.h"
#include "port/relay/login_desk.h"

enum connection_phase {
	CONNECTION_PHASE_OPENS, /* libcurl is at work */
	CONNECTION_PHASE_WAITS, /* another connection logs in */
	CONNECTION_PHASE_LOGIN,
	CONNECTION_PHASE_ENDED, /* UP or FAILED */
};

struct connection {
	struct connection_opener *opener;
	const struct relay_params *params;
	struct login_desk *desk;
	void *easy; /* libcurl's handle; NULL: no memory for it */
	int socket;
	enum connection_status state;
	enum connection_phase phase;
	struct opening opening;
	struct login login;
	struct connection_error error;
	struct connection_facts facts;
	int64_t progress; /* monotonic ms: bytes were last sent or received */
	int64_t greeted;  /* monotonic ms: the greeting began; 0: it has not */
	int64_t said;     /* monotonic ms of the last command */
	int64_t slowest;  /* ms from a command to its reply */
	char message[256];
};

#endif
