/*
 * A row of the register of bounces (bounce_register.h).
 */
#ifndef PORT_BOUNCE_BOUNCE_ROW_H
#define PORT_BOUNCE_BOUNCE_ROW_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/bounce/suppression.h"

/* One for each recipient of a mailing; only hard and soft suppress. */
struct bounce_row {
	struct str email_id, key;
	struct str kind;                   /* hard soft policy complaint */
	struct str proof;                  /* verp message_id address */
	struct str class, enhanced, reply; /* may be absent */
	int64_t at;                        /* ms since 1970 */
};

typedef int bounce_row_fn(void *ctx, const struct bounce_row *, struct fail *);

/* A person who is left out: why, and the last bounce. */
typedef int bounce_row_out_fn(void *ctx, enum suppression,
    const struct bounce_row *last, long long count, struct fail *);

/* Hard bounces of one domain in a mailing. */
struct bounce_row_domain {
	struct str email_id, domain;
	long long hard;
	int64_t span; /* ms between the first and the last */
};
typedef int bounce_row_domain_fn(
    void *ctx, const struct bounce_row_domain *, struct fail *);

#endif
