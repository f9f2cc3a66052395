/*
 * A store: where the ledger, the registers of opt-outs and bounces, the rates,
 * the memory of relays and the stops are kept for all processes. Each part is
 * an interface of its own folder; nothing here or there names what stands
 * behind.
 */
#ifndef PORT_STORE_STORE_H
#define PORT_STORE_STORE_H

#include <stdbool.h>

#include "base/fail.h"

/* The parts belong to the store, as its user borrows them. */
struct store {
	const struct store_ops *ops;
	struct ledger_store *ledger;     /* port/ledger/ledger_store.h */
	struct optouts *optouts;         /* port/optout/optouts.h */
	struct bounce_register *bounces; /* port/bounce/bounce_register.h */
	struct rate_book *rates;         /* port/relay/rate_book.h */
	struct relay_memory *memory;     /* port/relay/relay_memory.h */
	struct relay_stops *stops;       /* port/relay/relay_stops.h */
	const char *name;                /* for people: a path */
};

enum store_mode { STORE_READ, STORE_WRITE };

struct store_ops {
	int (*begin)(struct store *, bool lazy, struct fail *);
	int (*commit)(struct store *, struct fail *);
	void (*rollback)(struct store *);
	int (*begin_read)(struct store *, struct fail *);
	int (*end_read)(struct store *, struct fail *);
	void (*close)(struct store *);
};

/*
 * A write transaction: what is written in it is seen by others at the commit,
 * all at once, and is durable then. A lazy one may be lost with the power until
 * the next one that is not lazy. On failure (TEMP when another process holds
 * the store for too long, else SYSTEM) no transaction is open.
 */
int store_begin(struct store *, bool lazy, struct fail *);
int store_commit(struct store *, struct fail *);
void store_rollback(struct store *); /* harmless without a transaction */

/* Commits if rc is 0, else rolls back; rc, or -1 if the commit fails. */
int store_finish(struct store *, int rc, struct fail *);

/* A read transaction: all its reads see the same moment. Keep it short. */
int store_begin_read(struct store *, struct fail *);
int store_end_read(struct store *, struct fail *);

/* Closes the parts, too; NULL is harmless. */
void store_close(struct store *);

#endif
