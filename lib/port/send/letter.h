/*
 * One message record on its way through bm-send, and the queues it stands
 * in. Letters come from a pool, and each keeps its memory for the next use.
 */
#ifndef PORT_SEND_LETTER_H
#define PORT_SEND_LETTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "mail/mime/addr.h"
#include "mail/record/message.h"
#include "mail/record/outcome.h"
#include "port/ledger/ledger.h"
#include "port/relay/transport.h"

struct letter {
	struct letter *next, *prev; /* in the one queue it stands in */
	struct letter *all;         /* the pool's list of every letter */
	struct arena *arena;
	size_t size;      /* of the record */
	const char *file; /* that the record was read from */
	struct message message;
	struct addr to;
	struct ledger_item item;
	struct envelope envelope;
	struct outcome outcome;
	int64_t offered_at; /* monotonic ms; 0: never */
	int limit;          /* of its domain, or RATE_LIMITS_ALL */
	bool ready;         /* at the gate, intent not durable yet */
	bool released;      /* through the gate: an answer is awaited */
};

struct letter_queue {
	struct letter *head, *tail;
	size_t count, bytes;
};

struct letter_pool {
	struct letter *all;
	struct letter_queue unused;
};

/* An empty letter; back to the pool by letter_free(). */
struct letter *letter_new(struct letter_pool *);
void letter_free(struct letter_pool *, struct letter *);
void letter_free_all(struct letter_pool *);

/* Fill in the message; nothing of the record is borrowed. DATA. */
int letter_read(struct letter *, struct str raw, struct fail *);

void letter_push(struct letter_queue *, struct letter *);
struct letter *letter_pop(struct letter_queue *); /* NULL: empty */
void letter_remove(struct letter_queue *, struct letter *);

/* The envelope sender must be an address, or empty. DATA. */
int letter_check_sender(struct letter *, int addr_policy, struct fail *);

/*
 * Fill item and envelope from message and address; a name is made only for
 * transports that need one.
 */
void letter_fill(struct letter *, bool named);

/*
 * Send it to this address instead, marked by a header line, and keep it in
 * the ledger as another mailing than the one it is a copy of.
 */
void letter_redirect(struct letter *, const struct addr *);

/* Fill the outcome's members that say which message it is about. */
void letter_identify(struct letter *);

/* Copy the outcome's borrowed strings into the letter's arena. */
void letter_keep(struct letter *);

#endif
