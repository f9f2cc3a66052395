/*
 * The words of the refusals that a stop comes from, kept until it is put.
 */
#ifndef PORT_RELAY_STOP_WORDS_H
#define PORT_RELAY_STOP_WORDS_H

#include "base/buf.h"
#include "mail/record/outcome.h"
#include "port/relay/relay_stops.h"

/* The words of the reply behind a stop; zeroed: no reply. */
struct stop_words {
	const char *stage;
	int code;
	struct buf enhanced, reply;
};

/* The outcome's words, in place of those before; its stage is borrowed. */
void stop_words_keep(struct stop_words *, const struct outcome *);
void stop_words_free(struct stop_words *);

/* Fill in those members of a stop. */
void stop_words_fill(const struct stop_words *, struct relay_stop *);

#endif
