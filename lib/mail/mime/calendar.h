/*
 * iCalendar (RFC 5545), as far as mail has to know it.
 */
#ifndef MAIL_MIME_CALENDAR_H
#define MAIL_MIME_CALENDAR_H

#include "base/str.h"

/*
 * The METHOD of a calendar object, a name of RFC 5546 in capitals; NULL: there
 * is none, or the bytes are no calendar.
 */
const char *calendar_method(struct str bytes);

#endif
