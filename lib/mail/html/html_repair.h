/*
 * The second step of reading HTML: markup that libxml2 misreads is rewritten.
 */
#ifndef MAIL_HTML_HTML_REPAIR_H
#define MAIL_HTML_HTML_REPAIR_H

#include "base/arena.h"
#include "base/buf.h"
#include "mail/html/html_field.h"

/*
 * Append the clean HTML with its template tags as fields, its references
 * numeric, comments and scripts left out, and stray markup made harmless.
 * The arena holds the tags. The time is linear, whatever the source.
 */
void html_repair(
    struct buf *, struct str clean, struct html_fields *, struct arena *);

#endif
