/*
 * The bounce record (bm-records.5).
 */
#ifndef MAIL_BOUNCE_BOUNCE_RECORD_H
#define MAIL_BOUNCE_BOUNCE_RECORD_H

#include "base/buf.h"
#include "mail/bounce/bounce.h"

/* Append the record of a recipient, with LF; verp may be empty. */
void bounce_record_put(struct buf *, const struct bounces *,
    const struct bounce *, struct str verp, const char *place);

#endif
