/* The state of one delivery run, shared by the parts of delivery.c. */
#ifndef PORT_SEND_DELIVERY_STATE_H
#define PORT_SEND_DELIVERY_STATE_H

#include "port/send/delivery_params.h"
#include "port/send/delivery_pending.h"
#include "port/send/letter_pool.h"

#define DELIVERY_STATE_BYTES (32u << 20) /* of records held at a time */

/* Why the run begins nothing more. */
struct delivery_state_ending {
	bool stop, abandon; /* releases claims; drops what is under way */
	const char *class, *stage;
	int code;
	struct str enhanced, reply, relay;
};

struct delivery_state {
	const struct delivery_params *p;
	struct letter_queue read;    /* not claimed yet */
	struct letter_queue claimed; /* to be offered */
	struct letter_queue paced;   /* claimed; their domain has its limit */
	struct letter_queue again;   /* the same recipient is under way */
	struct letter_queue flying;  /* offered */
	struct letter_queue done;    /* outcome known, not yet written */
	struct letter_queue waiting; /* deferred, until next_try */
	struct delivery_pending pending;
	struct letter_pool pool;
	struct arena *arena; /* lives as long as the run */
	struct buf line;
	struct delivery_state_ending ending;
	bool input_ended, skip_told, broken; /* by a failure: see why */
	bool flushing, reading; /* the flush's read transaction, and it began */
	struct fail why;
	size_t skipped, chunk; /* settled before; how many to claim next */
	int64_t chunk_started; /* monotonic ms */
	size_t chunk_settled;  /* outcomes since then */
	size_t held, intended, awaited; /* letters: see delivery_gates.h */
	int64_t began;                  /* monotonic ms */
	int64_t sync_us;                /* mean time of a ledger sync */
	int64_t first_signal;           /* monotonic ms; 0: none has come */
	int64_t next_signals; /* monotonic ms: look for signals again */
	int64_t next_due;     /* first due of waiting; monotonic ms */
	struct delivery_stops *stops;
	struct suppressed *suppressed;
	struct bounce_refusals *refusals;
	int64_t next_grant; /* of the rate limits; monotonic ms; 0: none */
};

/* Letters without a written outcome that neither wait nor are pending. */
size_t delivery_state_in_hand(const struct delivery_state *);
bool delivery_state_is_idle(const struct delivery_state *); /* at the end */

/* Stop: as by a signal; by an outcome; by a failure. The first one counts. */
void delivery_state_stop(struct delivery_state *);
void delivery_state_end(struct delivery_state *, const struct outcome *);
void delivery_state_break(struct delivery_state *, const struct fail *);

#endif
