/*
 * A sender of the ledger in memory; see memory_store.h for its ends.
 */
#ifndef MEMORY_SENDER_H
#define MEMORY_SENDER_H

#include "memory/memory_store.h"

int memory_sender_open(struct ledger **, struct store *, struct fail *);

#endif
