/*
 * UTF-8 and the Unicode rules that the mail code needs (libunistring).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Offset of the first byte that is not valid UTF-8 (RFC 3629), or n. */
size_t utf8_valid(const char *p, size_t n);

/* Length of the printable ASCII at the beginning: space to tilde. */
size_t utf8_printable(const char *p, size_t n);

/* The next code point; *i moves behind it. The input must be valid. */
uint32_t utf8_next(const char *p, size_t n, size_t *i);

void utf8_put(struct buf *, uint32_t cp);

/* Characters in it. */
size_t utf8_length(struct str);

/* The longest prefix of at most max bytes that ends between characters. */
size_t utf8_cut(struct str, size_t max);

/* End of the grapheme cluster (UAX 29) that starts at i. */
size_t utf8_grapheme(const char *p, size_t n, size_t i);

/* Terminal columns: East Asian wide 2, combining and format characters 0. */
int utf8_width(uint32_t cp);
size_t utf8_columns(struct str);

/* Append the text in Normalization Form C. */
void utf8_nfc(struct buf *, struct str);

/*
 * Bidi controls, zero-width and tag characters that names must not carry; not
 * ZWNJ and ZWJ, which Persian, Indic and emoji text is written with.
 */
bool utf8_is_invisible(uint32_t cp);

/* R or AL by UAX 9: text of this kind runs from right to left. */
bool utf8_is_rtl(uint32_t cp);

/* A line with the name and version of the library, for --version. */
void utf8_library(struct buf *);

#endif
