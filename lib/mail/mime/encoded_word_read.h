/*
 * Reads encoded-words (RFC 2047).
 */
#ifndef MAIL_MIME_ENCODED_WORD_READ_H
#define MAIL_MIME_ENCODED_WORD_READ_H

#include "base/buf.h"

#define ENCODED_WORD_MAX 75 /* characters (RFC 2047 2) */

/*
 * Append an unstructured field's value with its encoded-words decoded, as
 * bytes of their charset. What is malformed, or longer than ENCODED_WORD_MAX,
 * stays as it is, so that the time is linear in the length.
 */
void encoded_word_read(struct buf *, struct str value);

#endif
