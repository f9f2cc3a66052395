/*
 * What a store does for stops (relay_stops.h). Only stores and relay_stops.c
 * include this.
 */
#ifndef PORT_RELAY_RELAY_STOPS_OPS_H
#define PORT_RELAY_RELAY_STOPS_OPS_H

#include "port/relay/relay_stop.h"

struct relay_stops {
	const struct relay_stops_ops *ops;
};

/* The functions make transactions of their own; see those of relay_stops.h. */
struct relay_stops_ops {
	/* The account is "" for STOP_SCOPE_RELAY; key and account are there. */
	int (*put)(
	    struct relay_stops *, const struct relay_stop *, struct fail *);
	int (*each)(struct relay_stops *, struct str relay, struct str account,
	    int64_t now, relay_stop_fn *, void *ctx, struct fail *);
	long long (*lift)(struct relay_stops *,
	    const struct relay_stop_choice *, struct fail *);
};

/* A stop from a clock further ahead of ours does not count, if it has an end.
 */
#define RELAY_STOPS_AHEAD_MS 60000

#endif
