/*
 * Dot-stuffing (RFC 5321 4.5.2) piece by piece.
 */
#ifndef MAIL_SMTP_DOTS_H
#define MAIL_SMTP_DOTS_H

#include <stddef.h>

#include "base/buf.h"

#define DOTS_CHUNK ((size_t)64 * 1024)

/*
 * Append the piece of text, all of whose line ends are CRLF, that begins at
 * from; a dot at the beginning of a line is doubled. Returns how many bytes
 * of text that was: DOTS_CHUNK or all that is left.
 */
size_t dots_stuff(struct buf *, struct str text, size_t from);

#endif
