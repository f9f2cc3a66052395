/*
 * The inside of JSON strings (RFC 8259 7): scanning and escapes.
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stdint.h>

/* The first quote, backslash or control character from p on, or end. */
const char *json_text_plain(const char *p, const char *end);

/*
 * The character of the escape "\uXXXX" or "\uXXXX\uXXXX" at *p, which moves
 * behind it; 0 when there is none, for U+0000 and for a lone surrogate.
 */
uint32_t json_text_unescape(const char **p, const char *end);

#endif
