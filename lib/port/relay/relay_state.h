/*
 * The inside of a relay, for the files of relay.c.
 */
#ifndef PORT_RELAY_RELAY_STATE_H
#define PORT_RELAY_RELAY_STATE_H

#include "port/relay/connections.h"
#include "port/relay/relay_params.h"
#include "port/relay/relay_queue.h"
#include "port/relay/session.h"
#include "port/relay/transport.h"

struct relay {
	struct transport base;
	const struct relay_params *params;
	struct relay_queue queue;
	struct pipelining pipelining;
	struct connections *connections;
	struct session **sessions; /* params->connections; NULL: free place */
	struct connection_poll *polls;
	struct session **polled;     /* the session of each poll */
	enum reply_stage lost_stage; /* of the last lost connection */
	struct reply lost_reply;
};

/* The relay whose first member the transport is. */
struct relay *relay_state_of(struct transport *);

#endif
