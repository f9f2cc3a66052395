/*
 * What a message says of mail that was sent: who did not get it, and why.
 */
#ifndef MAIL_BOUNCE_BOUNCE_H
#define MAIL_BOUNCE_BOUNCE_H

#include <stddef.h>

#include "base/arena.h"
#include "mail/bounce/bounce_kind.h"
#include "mail/bounce/bounce_mail.h"

struct bounces {
	struct bounce *all;    /* in the arena */
	size_t count;          /* at least 1 */
	struct str message_id; /* of the message that came back, or empty */
	int64_t at; /* when it came back, ms since 1970; 0: not told */
};

/* Judge a message; strings are in the arena or in the mail. */
void bounce_read(struct bounces *, const struct bounce_mail *, struct arena *);

#endif
