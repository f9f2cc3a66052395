/*
 * Encoded-words (RFC 2047): text beyond ASCII in a header field.
 */
#ifndef MAIL_MIME_ENCODED_WORD_H
#define MAIL_MIME_ENCODED_WORD_H

#include "base/buf.h"

/*
 * Append clean UTF-8 as encoded-words, in Q or B form, whichever is shorter,
 * folded into lines of at most 76 octets. Each word decodes by itself; a
 * grapheme cluster is divided only when no word can hold it. Only the last
 * word has base64 padding. line_start: offset in the buffer where the current
 * line begins.
 */
void encoded_word_put(struct buf *, struct str, size_t line_start);

#endif
