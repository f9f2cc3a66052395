/*
 * Stops, which all processes obey; a store keeps them (store->stops). A stop
 * without an end holds until a person has mended its cause and lifts it; one
 * with an end holds until then.
 */
#ifndef PORT_RELAY_RELAY_STOPS_H
#define PORT_RELAY_RELAY_STOPS_H

#include "port/relay/relay_stop.h"

struct relay_stops;

/* Put a stop, in place of one of the same scope and key, in a transaction. */
int relay_stops_put(
    struct relay_stops *, const struct relay_stop *, struct fail *);

/*
 * Calls fn for each stop in force at now: of this relay and account, or of all
 * if relay is absent; the widest scope comes first. A result of fn other than 0
 * ends the visit and is returned; else 0, or -1.
 */
int relay_stops_each(struct relay_stops *, struct str relay, struct str account,
    int64_t now, relay_stop_fn *, void *ctx, struct fail *);

/*
 * 1 and SYSTEM: the relay or the account is stopped, the text says when and
 * why. -1 and TEMP: it is stopped until a time after now. 0: it is not.
 */
int relay_stops_check(struct relay_stops *, struct str relay,
    struct str account, int64_t now, struct fail *);

/* The number of stops that were removed in a transaction, or -1. */
long long relay_stops_lift(
    struct relay_stops *, const struct relay_stop_choice *, struct fail *);

#endif
