/*
 * One message record on its way through bm-send, from the input line to the
 * outcome line. The letter owns all that its message, envelope and outcome
 * refer to.
 */
#ifndef PORT_SEND_LETTER_H
#define PORT_SEND_LETTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "mail/ledger/ledger_item.h"
#include "mail/mime/addr.h"
#include "mail/record/message.h"
#include "mail/record/outcome.h"
#include "port/relay/envelope.h"

struct letter {
	struct letter *next, *prev; /* in its letter_queue */
	struct letter *all;         /* the next of all letters of the pool */
	struct arena *arena;
	size_t size;      /* of the record */
	const char *file; /* the record was read from it */
	struct message message;
	struct str refused; /* why the address cannot be used; or absent */
	struct str redirected_to; /* absent: the message goes to its address */
	struct addr to;
	struct ledger_item item;
	struct envelope envelope;
	struct str sender_key; /* what a stop of the sender is kept by */
	struct outcome outcome;
	int64_t offered_at, due; /* monotonic ms; 0: never; waiting until */
	int limit;          /* its domain's rate limit, or RATE_LIMITS_ALL */
	long long answered; /* pending: the letters answered before it */
	bool held;          /* at the gate; too many dots are under way */
	bool ready;         /* at the gate, intent not durable yet */
	bool released;      /* through the gate: a reply is awaited */
};

/* Parse the record into the message; copies what it keeps of it. DATA; the
 * message has then what is known of its identity. */
int letter_read(struct letter *, struct str raw, struct fail *);

/* Fill in item and envelope; named: the envelope gets a name, too. */
void letter_fill(struct letter *, bool named);

/*
 * Send the letter to this address instead. A header line tells the recipient,
 * and the ledger counts it under a mailing of its own.
 */
void letter_redirect(struct letter *, const struct addr *);

/* Fill in those members of the outcome that identify the message. */
void letter_identify(struct letter *);

/* Copy the outcome's borrowed strings into the letter's arena. */
void letter_keep(struct letter *);

#endif
