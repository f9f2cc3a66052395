/*
 * Canonical forms of fields and bodies (RFC 6376 3.4), as they are hashed.
 * The text has CRLF line ends.
 */
#ifndef MAIL_DKIM_DKIM_CANON_H
#define MAIL_DKIM_DKIM_CANON_H

#include "base/buf.h"

enum dkim_canon { DKIM_SIMPLE, DKIM_RELAXED };

/* Append a field, given with or without its last CRLF, and no CRLF. */
void dkim_canon_field(struct buf *, enum dkim_canon, struct str field);

/* Append a body; an empty one is "" when relaxed, CRLF when simple. */
void dkim_canon_body(struct buf *, enum dkim_canon, struct str body);

#endif
