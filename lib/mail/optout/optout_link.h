/*
 * The opt-out links in a message (RFC 2369, RFC 8058).
 */
#ifndef MAIL_OPTOUT_OPTOUT_LINK_H
#define MAIL_OPTOUT_OPTOUT_LINK_H

#include "base/buf.h"
#include "base/fail.h"

/*
 * Check BM_OPTOUT_URL: https, or http for a loopback host; printable ASCII
 * without blanks, angle brackets, commas, quotes or a fragment. SYSTEM.
 */
int optout_link_check(struct str url, struct fail *);

/* Append URL?t=TOKEN, or URL&t=TOKEN if the URL has a query. */
void optout_link_page(struct buf *, struct str url, struct str token);

/* Append mailto:ADDRESS?subject=TOKEN. */
void optout_link_mailto(struct buf *, struct str address, struct str token);

#endif
