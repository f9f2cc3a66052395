/*
 * A row of the register of bounces (bounce_register.h).
 */
#ifndef PORT_BOUNCE_BOUNCE_ROW_H
#define PORT_BOUNCE_BOUNCE_ROW_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/bounce/suppression.h"

/*
 * One for each recipient of a mailing; only hard and soft suppress. The proof
 * tells whom it is about: by the envelope sender or the Message-ID, by an
 * address alone, or by the relay's own reply to bm-send, in a run that speaks
 * for the relay (smtp) or in one that does not (smtp_once).
 */
struct bounce_row {
	struct str email_id, key;
	struct str kind;  /* hard soft policy complaint */
	struct str proof; /* verp message_id address smtp ... */
	struct str class, enhanced, reply; /* may be absent */
	int64_t at;                        /* ms since 1970 */
};

typedef int bounce_row_fn(void *ctx, const struct bounce_row *, struct fail *);

/* A person who is left out: why, and the last bounce. */
typedef int bounce_row_out_fn(void *ctx, enum suppression,
    const struct bounce_row *last, long long count, struct fail *);

#endif
