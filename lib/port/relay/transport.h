/*
 * Carries messages to their recipients: into a Maildir or to an SMTP relay.
 *
 * Life of an envelope: offer; TRANSPORT_READY (only the step that delivers is
 * left); the caller makes the intent durable; release; TRANSPORT_DONE. A
 * transport may have to start over: then it reports AGAIN and later READY. It
 * may report DONE without READY.
 */
#ifndef PORT_RELAY_TRANSPORT_H
#define PORT_RELAY_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "port/relay/transport_event.h"

struct transport;

struct transport_ops {
	bool named; /* envelopes need names */
	/* How many envelopes the transport takes now. */
	size_t (*room)(const struct transport *);
	void (*offer)(struct transport *, struct envelope *);
	/* Move bytes; wait at most timeout_us for something to happen. */
	int (*turn)(struct transport *, int timeout_us, struct fail *);
	/* The next event of the last turn, or false. */
	bool (*event)(struct transport *, struct transport_event *);
	/* Send what can leave before the caller is busy; NULL: no need. */
	void (*flush)(struct transport *);
	/* Open the gate of an envelope that is READY; or drop it without an
	 * event, and its connection with it: it is not delivered. */
	void (*release)(struct transport *, struct envelope *);
	void (*withhold)(struct transport *, struct envelope *);
	/* Begin nothing more; waiting envelopes end as "stopped". With why, as
	 * if the relay had refused us (class "breaker"): no gate opens. */
	void (*stop)(struct transport *, const char *why);
	/* 1 delivered before, 0 not, 2 unknown, -1 SYSTEM; NULL: no way. */
	int (*delivered)(
	    struct transport *, const struct envelope *, struct fail *);
	/* Free it; end connections politely, or at once with abandon. */
	void (*close)(struct transport *, bool abandon);
};

/* The first member of every transport. */
struct transport {
	const struct transport_ops *ops;
	/*
	 * The caller's, or NULL. Called just before an envelope leaves, which
	 * may be long after its offer. False: the transport drops the
	 * envelope without an event.
	 */
	bool (*may_leave)(void *ctx, struct envelope *);
	void *ctx;
};

/* The answer of may_leave; true without one. */
bool transport_may_leave(const struct transport *, struct envelope *);

#endif
