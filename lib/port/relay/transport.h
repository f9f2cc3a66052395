/*
 * What carries a message to its recipient: a Maildir or an SMTP relay.
 *
 * Life of an envelope: offer - TRANSPORT_READY (all but the step that
 * delivers is done) - the caller makes the intent durable - release -
 * TRANSPORT_DONE. A transport may report READY again after it had to start
 * over, or DONE without READY.
 */
#ifndef PORT_RELAY_TRANSPORT_H
#define PORT_RELAY_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/record/outcome.h"

/* Borrowed by the transport from offer to DONE. */
struct envelope {
	struct str sender;    /* may be empty: the null reverse-path */
	struct str recipient; /* addr.wire */
	struct str name;      /* unique, file-name safe; absent if not needed */
	struct str message;   /* RFC 5322, CRLF, not dot-stuffed */
	bool needs_smtputf8;
	long long attempt; /* from 1 */
	void *owner;       /* the caller's */
};

enum transport_event_type {
	TRANSPORT_READY,
	TRANSPORT_DONE,
	TRANSPORT_SLOW, /* the relay asks for less: everybody's rate */
	TRANSPORT_STOP, /* it refuses us: all that was offered comes back */
};

struct transport_event {
	enum transport_event_type type;
	struct envelope *envelope; /* NULL for SLOW and STOP */
	/*
	 * DONE, STOP: status, class, stage, code, enhanced, reply, queue_id,
	 * relay, ms and next_try are filled; strings live until the next turn.
	 */
	struct outcome outcome;
	/* DONE: false when the recipient has nothing to do with it (S-02). */
	bool charged;
	/* STOP: 255, a person has to look; or 75, it may pass. */
	int status;
};

struct transport;

struct transport_ops {
	bool named; /* envelopes need names */
	/* How many envelopes may be offered now. */
	size_t (*room)(const struct transport *);
	void (*offer)(struct transport *, struct envelope *);
	/* Move bytes; wait at most timeout_us for something to happen. */
	int (*turn)(struct transport *, int timeout_us, struct fail *);
	/* The next event of the last turn, or false. */
	bool (*event)(struct transport *, struct transport_event *);
	/*
	 * Let leave what can, before the caller is busy for a while: what
	 * comes of it is told after the next turn. NULL where nothing waits.
	 */
	void (*flush)(struct transport *);
	/* Open the gate of an envelope that is READY. */
	void (*release)(struct transport *, struct envelope *);
	/*
	 * Begin nothing more: what waits for its turn comes back with class
	 * "stopped". NULL where nothing waits.
	 */
	void (*wind_down)(struct transport *);
	/*
	 * Was it delivered before? 1 yes, 0 no, 2 cannot tell, -1 with
	 * SYSTEM. NULL where only the receiver could tell.
	 */
	int (*delivered)(
	    struct transport *, const struct envelope *, struct fail *);
	/* Says goodbye; with abort, drops everything at once. */
	void (*free)(struct transport *, bool abort);
};

/* The first member of every transport. */
struct transport {
	const struct transport_ops *ops;
	/*
	 * Asked at the last moment before an envelope leaves, which may be
	 * long after its offer: false, and the transport forgets it without
	 * an event. The caller's; NULL: all may leave.
	 */
	bool (*may_leave)(void *ctx, struct envelope *);
	void *ctx;
};

bool transport_may_leave(const struct transport *, struct envelope *);

#endif
