/*
 * The events that the relay has for its caller, with the strings of their
 * outcomes.
 */
#ifndef PORT_RELAY_RELAY_EVENTS_H
#define PORT_RELAY_RELAY_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/smtp/reply.h"
#include "port/relay/transport_event.h"

struct relay_events {
	char *relay; /* its name in outcomes; owned */
	struct transport_event *list;
	size_t count, cap, next;
	struct arena *strings; /* of the outcomes */
};

void relay_events_init(struct relay_events *, char *relay);
void relay_events_free(struct relay_events *);

/* A new last event; the pointer is valid until the next call. */
struct transport_event *relay_events_add(
    struct relay_events *, enum transport_event_type, struct envelope *);

/* The next event for the caller, or false. */
bool relay_events_next(struct relay_events *, struct transport_event *);

/* Free events and strings, if the caller has had all of them. */
void relay_events_reset(struct relay_events *);

/* A copy that lives as long as the events. */
struct str relay_events_text(struct relay_events *, struct str);

/* An outcome that quotes this reply. */
struct outcome relay_events_outcome(struct relay_events *, enum outcome_status,
    const char *class, enum reply_stage, const struct reply *);

#endif
