/*
 * The state of one delivery run, shared by the parts that it is made of: what
 * comes in (delivery_intake.c), what is told (delivery_outcome.c), what
 * leaves (delivery.c).
 */
#ifndef PORT_SEND_DELIVERY_STATE_H
#define PORT_SEND_DELIVERY_STATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "port/send/delivery.h"
#include "port/send/letter.h"

#define DELIVERY_BYTES (32u << 20) /* of records held at a time */

/* Why nothing more is begun. */
struct ending {
	bool now;   /* set: what is claimed is given back */
	bool abort; /* and what is under way is dropped */
	const char *class;
	const char *stage;
	int code;
	struct str enhanced, reply, relay;
};

struct delivery {
	const struct delivery_params *p;
	struct letter_queue read;    /* not claimed yet */
	struct letter_queue claimed; /* to be offered */
	struct letter_queue paced;   /* claimed; their domain has its limit */
	struct letter_queue again;   /* the same person is under way */
	struct letter_queue flying;  /* offered */
	struct letter_queue done;    /* outcome known, not yet told */
	struct letter_queue waiting; /* deferred, for its next_try */
	struct letter_pool pool;
	struct arena *arena; /* lives as long as the run */
	struct buf line;
	struct ending ending;
	bool input_ended;
	bool flushing, reading; /* in one transaction, begun at need */
	bool broken; /* the database could not be read: why says it */
	struct fail why;
	size_t chunk;          /* how many to claim next */
	int64_t chunk_started; /* monotonic ms */
	size_t chunk_settled;
	size_t awaited;       /* letters that are released */
	int64_t sync_us;      /* what making facts durable takes */
	int64_t next_signals; /* to be looked for; monotonic ms */
	int64_t next_due;     /* the first of waiting; ms since 1970 */
	int64_t next_grant;   /* ms since 1970; 0: no wait for a rate */
};

/* An outcome that no transport had a part in. */
struct outcome delivery_outcome(enum outcome_status, const char *class);

/* The letter's outcome, to be told once all facts before it are durable. */
void delivery_finish(
    struct delivery *, struct letter *, const struct outcome *);

/* As delivery_finish(), and a fact for the ledger. */
void delivery_settle(
    struct delivery *, struct letter *, const struct outcome *);

/* Write what is finished; its letters are free again, or wait. */
void delivery_tell(struct delivery *);

/* More is to be read when there is something to read. */
bool delivery_reads(const struct delivery *);

/* Read and claim what is to be offered next, if nothing is left. */
int delivery_refill(struct delivery *, struct fail *);

/* Letters that have no outcome told yet and do not wait. */
size_t delivery_in_hand(const struct delivery *);

#endif
