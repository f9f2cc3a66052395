/*
 * How a message presents itself: as a report, as an automatic reply.
 */
#ifndef MAIL_BOUNCE_BOUNCE_SIGNS_H
#define MAIL_BOUNCE_BOUNCE_SIGNS_H

#include <stdbool.h>

#include "base/arena.h"
#include "mail/bounce/bounce_mail.h"

struct bounce_signs {
	bool report;    /* that mail was not delivered, or not yet */
	bool reply;     /* of a responder, or mail of a list */
	bool delay;     /* not yet */
	bool complaint; /* without a feedback report: Outlook's form */
};

void bounce_signs_read(
    struct bounce_signs *, const struct bounce_mail *, struct arena *);

#endif
