/*
 * Stops in the table stops.
 */
#ifndef PORT_STORE_SQLITE_SQLITE_STOPS_H
#define PORT_STORE_SQLITE_SQLITE_STOPS_H

#include "port/db/db.h"

struct relay_stops *sqlite_stops_new(struct db *);
void sqlite_stops_free(struct relay_stops *);

#endif
