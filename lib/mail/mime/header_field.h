/*
 * Header fields (RFC 5322 2.2 and 3, RFC 2047): one complete field a call,
 * in ASCII, folded where white space stands, CRLF at the end.
 */
#ifndef MAIL_MIME_HEADER_FIELD_H
#define MAIL_MIME_HEADER_FIELD_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"

#define HEADER_FIELD_LINE_MAX 998 /* octets without CRLF */
#define HEADER_FIELD_FOLD 78      /* columns wanted */

/*
 * Text that came out of a template or a record: control characters and line
 * separators are DATA ("the NAME has a line break"), invisible ones (bidi
 * overrides, zero width, tags) are left out, white space at the ends is cut.
 */
int header_field_clean(
    struct buf *, const char *name, struct str, struct fail *);

/* Unstructured text such as a subject: clean UTF-8. */
void header_field_text(struct buf *, const char *name, struct str);

/* "Display Name" <address>; without a name the bare address. Clean UTF-8. */
void header_field_mailbox(
    struct buf *, const char *name, struct str display, struct str address);

/*
 * A phrase (RFC 5322 3.2.5) behind what stands in the line already: a quoted
 * string where that is possible and fits, else encoded-words.
 */
void header_field_phrase(struct buf *, struct str text, size_t line_start);

/* "Tue, 24 Nov 2026 04:28:01 +0000" and nothing else. */
void header_field_date(struct buf *, int64_t ms);

/*
 * A MIME parameter `; name=value` on a line of its own: token, quoted string,
 * or RFC 2231 in pieces when there is more than ASCII or no room.
 */
void header_field_parameter(struct buf *, const char *name, struct str value);

#endif
