/*
 * The first step of reading HTML: any bytes become clean text.
 */
#ifndef MAIL_HTML_HTML_CLEAN_H
#define MAIL_HTML_HTML_CLEAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "mail/html/html_field.h"

/*
 * Append the source as valid UTF-8 without byte order mark, carriage returns
 * and control characters; invalid bytes become U+FFFD. Characters of the
 * source that look like fields become fields themselves, so that they come
 * out as written. The arena holds their bytes.
 */
void html_clean(
    struct buf *, struct str source, struct html_fields *, struct arena *);

#endif
