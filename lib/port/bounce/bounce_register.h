/*
 * The register of bounces, which a store keeps (store->bounces): what came
 * back, and who is left out for it, judged when it is asked. SYSTEM, TEMP.
 */
#ifndef PORT_BOUNCE_BOUNCE_REGISTER_H
#define PORT_BOUNCE_BOUNCE_REGISTER_H

#include <stdbool.h>

#include "base/buf.h"
#include "port/bounce/bounce_row.h"
#include "port/store/store.h"

struct bounce_register; /* of a store */

/*
 * Adds a row in a transaction of its own (put: of the caller). *added is false,
 * and nothing changes, if the register has one for this recipient of the
 * mailing that is as strong: hard is stronger than soft, and a proof than an
 * address. The second smtp_once a day later is entered as smtp.
 */
int bounce_register_add(struct bounce_register *, const struct bounce_row *,
    bool *added, struct fail *);
int bounce_register_put(struct bounce_register *, const struct bounce_row *,
    bool *added, struct fail *);

/* Whether, and why, a person is left out. */
int bounce_register_check(struct bounce_register *, struct str key,
    enum suppression *, struct fail *);

/* Visits everybody who is left out, in the order of keys. */
int bounce_register_each(
    struct bounce_register *, bounce_row_out_fn *, void *ctx, struct fail *);

/*
 * Takes rows from since on (ms since 1970) out of the judgement, of one person
 * or, with an absent key, of all; they stay as evidence. *count tells how many.
 */
int bounce_register_clear(struct bounce_register *, struct str key,
    int64_t since, int64_t now, long long *count, struct fail *);

/* From how many recipients of a mailing it came back, cleared or not (hard,
 * soft or policy), and how many complained. */
int bounce_register_count(struct bounce_register *, struct str email_id,
    long long *bounced, long long *complained, struct fail *);

/* Of one recipient the same. */
enum bounce_register_came {
	BOUNCE_REGISTER_NOTHING,
	BOUNCE_REGISTER_BOUNCED,
	BOUNCE_REGISTER_COMPLAINED,
};
int bounce_register_came(struct bounce_register *, struct str email_id,
    struct str key, enum bounce_register_came *, struct fail *);

/* The mailing that went to the person last, in *id. */
int bounce_register_last(struct bounce_register *, struct str key, bool *found,
    struct buf *id, struct fail *);

#endif
