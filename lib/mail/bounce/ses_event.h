/*
 * Events of Amazon SES, as SNS sends them or a queue keeps them.
 */
#ifndef MAIL_BOUNCE_SES_EVENT_H
#define MAIL_BOUNCE_SES_EVENT_H

#include "base/fail.h"
#include "mail/bounce/bounce.h"

/*
 * Judge one event: a notification ("notificationType") or an event of a
 * configuration set ("eventType"), raw or in the envelope of SNS. DATA if it is
 * no JSON; an event of another kind is BOUNCE_UNKNOWN. Strings are in the text
 * or in the arena.
 */
int ses_event_read(
    struct bounces *, struct str json, struct arena *, struct fail *);

#endif
