/*
 * The opt-out addresses that a message carries (RFC 2369, RFC 8058).
 */
#ifndef MAIL_OPTOUT_OPTOUT_LINK_H
#define MAIL_OPTOUT_OPTOUT_LINK_H

#include "base/buf.h"
#include "base/fail.h"

/*
 * BM_OPTOUT_URL: https in printable ASCII without blanks, angle brackets,
 * commas, quotes or a fragment; http is taken for a loopback host. SYSTEM.
 */
int optout_link_check(struct str url, struct fail *);

/* Append URL?t=TOKEN, or URL&t=TOKEN when the URL has a query already. */
void optout_link_page(struct buf *, struct str url, struct str token);

/* Append mailto:ADDRESS?subject=TOKEN. */
void optout_link_mailto(struct buf *, struct str address, struct str token);

#endif
