/* The effects of the answers of a relay (answer_share.h). */
#ifndef PORT_RELAY_ANSWER_EFFECT_H
#define PORT_RELAY_ANSWER_EFFECT_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

/* The cause that a counted answer is part of. */
enum answer_effect_part {
	ANSWER_EFFECT_ITSELF,  /* it concerns its recipient */
	ANSWER_EFFECT_BREAKER, /* the relay answers everybody so */
	ANSWER_EFFECT_OUTAGE,  /* the domain does */
};

/* Whether a recipient of a domain may be asked for. */
enum answer_effect_gate {
	ANSWER_EFFECT_GO,
	ANSWER_EFFECT_WAIT,   /* another is asked, to learn whether all may */
	ANSWER_EFFECT_CLOSED, /* an outage: ask for nobody of the domain */
};

/* Whose refusals concern us: rows of the ledger from since on. */
struct answer_effect_victims {
	uint64_t print;    /* of these words, or 0: */
	struct str domain; /* of this domain, no such mailbox */
	int64_t since;     /* ms since 1970 */
	int64_t next_try;  /* the same; 0: when a person has looked */
};

typedef int answer_effect_fn(
    void *ctx, const struct answer_effect_victims *, struct fail *);

#endif
