/*
 * The inside of JSON strings (RFC 8259 section 7): scanning and escapes.
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* The first quote, backslash or control character from p on, or end. */
const char *json_text_plain(const char *p, const char *end);

/*
 * The character of the escape "\uXXXX" or "\uXXXX\uXXXX" at *p; *p moves
 * behind the escape. 0 if the escape is malformed, means U+0000 or is a lone
 * surrogate.
 */
uint32_t json_text_unescape(const char **p, const char *end);

/*
 * The text of a valid string as written, with its quotes. The result borrows
 * from it if it contains no escape, else lives in the arena.
 */
struct str json_text_decode(struct str quoted, struct arena *);

#endif
