/*
 * All letters of a run. A letter that is put back keeps its memory for the
 * next use.
 */
#ifndef PORT_SEND_LETTER_POOL_H
#define PORT_SEND_LETTER_POOL_H

#include "port/send/letter.h"
#include "port/send/letter_queue.h"

/* All zero: an empty pool. */
struct letter_pool {
	struct letter *all;
	struct letter_queue unused;
};

/* An empty letter; it belongs to the pool. */
struct letter *letter_pool_get(struct letter_pool *);
void letter_pool_put(struct letter_pool *, struct letter *);

/* Free all letters, whether they were put back or not. */
void letter_pool_free(struct letter_pool *);

#endif
