/*
 * Header fields (RFC 5322 2.2 and 3, RFC 2047): each call appends one complete
 * field in ASCII, folded at white space, with CRLF at the end.
 */
#ifndef MAIL_MIME_HEADER_FIELD_H
#define MAIL_MIME_HEADER_FIELD_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"

#define HEADER_FIELD_LINE_MAX 998 /* octets without CRLF */
#define HEADER_FIELD_FOLD 78      /* columns, where white space allows */

/*
 * Append text of a template or a record, without invisible characters (bidi
 * overrides, zero width, tags) and without white space at the ends. Control
 * characters and line separators are DATA ("the NAME has a line break").
 */
int header_field_clean(
    struct buf *, const char *name, struct str, struct fail *);

/* An unstructured field such as Subject; the text is clean UTF-8. */
void header_field_text(struct buf *, const char *name, struct str);

/*
 * A field with one mailbox: "Display Name" <address>, or the bare address if
 * the display name is empty. The display name is clean UTF-8.
 */
void header_field_mailbox(
    struct buf *, const char *name, struct str display, struct str address);

/*
 * Append a phrase (RFC 5322 3.2.5) to the current line, which begins at the
 * offset line_start: a quoted string if possible, otherwise encoded-words.
 */
void header_field_phrase(struct buf *, struct str text, size_t line_start);

/* Append a date as "Tue, 24 Nov 2026 04:28:01 +0000"; ms since 1970. */
void header_field_date(struct buf *, int64_t ms);

/*
 * Append a MIME parameter `; name=value` on a line of its own: as a quoted
 * string, or by RFC 2231 for a value that has a quote, a backslash or more than
 * ASCII, or does not fit.
 */
void header_field_parameter(struct buf *, const char *name, struct str value);

/*
 * Append the parameter `; name=...` for readers without RFC 2231: a quoted
 * string, which holds encoded-words for a value beyond ASCII.
 */
void header_field_name(struct buf *, struct str value);

#endif
