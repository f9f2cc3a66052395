/*
 * Who wants to hear of a relay while a run is under way.
 */
#ifndef PORT_RELAY_RELAY_LISTENER_H
#define PORT_RELAY_RELAY_LISTENER_H

#include "mail/smtp/pipelining.h"

/* Each function may be NULL. */
struct relay_listener {
	/* The relay cannot pipeline further than that. */
	void (*on_pipelining)(void *ctx, enum pipelining_use);
	/* The first connection that fails, and why. */
	void (*on_failure)(void *ctx, const char *why);
	void *ctx;
};

#endif
