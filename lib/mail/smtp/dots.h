/*
 * Dot-stuffing (RFC 5321 4.5.2) in pieces.
 */
#ifndef MAIL_SMTP_DOTS_H
#define MAIL_SMTP_DOTS_H

#include <stddef.h>

#include "base/buf.h"

#define DOTS_CHUNK ((size_t)64 * 1024)

/*
 * Append the piece of text that begins at byte from; a dot at the start of a
 * line is doubled. All line ends are CRLF. Returns the bytes of text appended:
 * DOTS_CHUNK, or the rest of the text if that is less.
 */
size_t dots_stuff(struct buf *, struct str text, size_t from);

#endif
