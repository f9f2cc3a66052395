/*
 * The date of a message (RFC 5322, 3.3 and 4.3).
 */
#ifndef MAIL_MIME_MAIL_DATE_H
#define MAIL_MIME_MAIL_DATE_H

#include <stdint.h>

#include "base/str.h"

/*
 * "Tue, 24 Nov 2026 04:28:01 +0000 (UTC)" in ms since 1970; the day's name and
 * the seconds may be missing, the zone may be a name. 0: no date is there.
 */
int64_t mail_date_read(struct str);

#endif
