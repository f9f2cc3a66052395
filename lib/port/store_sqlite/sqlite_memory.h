/*
 * What is remembered of relays in the tables answers and relay_habits.
 */
#ifndef PORT_STORE_SQLITE_SQLITE_MEMORY_H
#define PORT_STORE_SQLITE_SQLITE_MEMORY_H

#include "port/db/db.h"
#include "port/store/store.h"

struct relay_memory *sqlite_memory_new(struct store *, struct db *);
void sqlite_memory_free(struct relay_memory *);

#endif
