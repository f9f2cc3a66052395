/*
 * What a transport reports about an envelope, or about the relay as a whole.
 */
#ifndef PORT_RELAY_TRANSPORT_EVENT_H
#define PORT_RELAY_TRANSPORT_EVENT_H

#include <stdbool.h>

#include "mail/record/outcome.h"
#include "mail/smtp/answer.h"
#include "mail/smtp/stop_scope.h"
#include "port/relay/envelope.h"

enum transport_event_type {
	TRANSPORT_READY,   /* only the step that delivers is left */
	TRANSPORT_AGAIN,   /* READY before, not taken: it is tried once more */
	TRANSPORT_DONE,    /* the envelope has its outcome */
	TRANSPORT_SLOW,    /* the relay asks all senders to slow down */
	TRANSPORT_REFUSED, /* the relay takes no more mail of the scope */
};

struct transport_event {
	enum transport_event_type type;
	/* NULL for SLOW. REFUSED: its domain, mailing or sender is refused. */
	struct envelope *envelope;
	/*
	 * AGAIN (as it would be if the run ended now), DONE, REFUSED:
	 * status, class, stage, code, enhanced, reply,
	 * queue_id, relay, ms and next_try are set; the strings live until
	 * the next turn.
	 */
	struct outcome outcome;
	/* DONE: the attempt counts for the recipient. */
	bool charged;
	/* DONE: what the reply said; the outcome's print has the words. */
	enum answer_kind answer;
	bool again; /* its code was 4xx */
	/*
	 * REFUSED: exit status 255 (a person has to look at the relay), 2 (at
	 * our own settings) or 75 (it passes).
	 */
	int status;
	enum stop_scope scope; /* of REFUSED */
};

#endif
