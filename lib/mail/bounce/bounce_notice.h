/*
 * Notices without a delivery status: the text that a mailer writes to people.
 */
#ifndef MAIL_BOUNCE_BOUNCE_NOTICE_H
#define MAIL_BOUNCE_BOUNCE_NOTICE_H

#include <stddef.h>

#include "base/arena.h"
#include "mail/bounce/bounce_mail.h"

/* The recipients that the notice names as those who did not get it. */
size_t bounce_notice_read(
    struct str **addresses, const struct bounce_mail *, struct arena *);

/* What the notice says of an address; empty if it does not name it. */
struct str bounce_notice_about(
    const struct bounce_mail *, struct str address, struct arena *);

#endif
