/*
 * What a store does to remember a relay, as one account sees it, for all
 * processes: texts by topic, whose form and meaning stand in answer_store.c,
 * loss_share.c and relay_habits.c. Only these and stores include this.
 */
#ifndef PORT_RELAY_RELAY_MEMORY_H
#define PORT_RELAY_RELAY_MEMORY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"
#include "port/store/store.h"

struct relay_memory {
	const struct relay_memory_ops *ops;
	struct store *store;
};

/* Of the relay's answers, but for losses and habits. Borrowed. */
struct relay_memory_topic {
	struct str relay, account;
	enum relay_memory_kind {
		RELAY_MEMORY_WINDOW, /* the latest answers */
		RELAY_MEMORY_OUTAGE, /* those about a domain */
		RELAY_MEMORY_LOSSES, /* replies that were lost */
		RELAY_MEMORY_HABIT,  /* how it pipelines: one word */
	} kind;
	struct str domain; /* of an outage */
};

typedef int relay_memory_fn(
    void *ctx, struct str domain, struct str text, struct fail *);

/* The functions that write are called in a transaction of the store. */
struct relay_memory_ops {
	/* Appends the text of a topic, and *at; nothing, and 0, without one. */
	int (*get)(struct relay_memory *, const struct relay_memory_topic *,
	    struct buf *, int64_t *at, struct fail *);
	/* An empty text removes the topic. at (ms since 1970): of a habit. */
	int (*set)(struct relay_memory *, const struct relay_memory_topic *,
	    struct str text, int64_t at, struct fail *);
	/* 1: a window or an outage of relay and account is kept; 0; -1. */
	int (*any)(struct relay_memory *, const struct relay_memory_topic *,
	    struct fail *);
	/* Calls fn for each outage of relay and account, until it is not 0. */
	int (*each)(struct relay_memory *, const struct relay_memory_topic *,
	    relay_memory_fn *, void *ctx, struct fail *);
	/* Removes the window and the outages of relay and account. */
	int (*clear)(struct relay_memory *, const struct relay_memory_topic *,
	    struct fail *);
};

#endif
