/*
 * The bounce record (bm-records.5).
 */
#ifndef MAIL_BOUNCE_BOUNCE_RECORD_H
#define MAIL_BOUNCE_BOUNCE_RECORD_H

#include "base/buf.h"
#include "mail/bounce/bounce.h"

/* Whom a bounce is about, as the ledger knows; absent if it does not. */
struct bounce_record_about {
	struct str by; /* verp message_id address */
	struct str email_id, recipient;
};

/* Append the record of a recipient, with LF; verp may be empty. */
void bounce_record_put(struct buf *, const struct bounces *,
    const struct bounce *, const struct bounce_record_about *, struct str verp,
    const char *place);

#endif
