/*
 * UTF-8 and Unicode rules, by libunistring. But for utf8_valid() and
 * utf8_printable(), the input must be valid UTF-8.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The offset of the first byte that is not valid UTF-8 (RFC 3629), or n. */
size_t utf8_valid(const char *p, size_t n);

/* The length of the leading printable ASCII: space to tilde. */
size_t utf8_printable(const char *p, size_t n);

/* The code point at offset *i, which moves behind it. */
uint32_t utf8_next(const char *p, size_t n, size_t *i);

/* Append a code point. */
void utf8_put(struct buf *, uint32_t cp);

/* The number of code points. */
size_t utf8_length(struct str);

/* The longest prefix of at most max bytes that ends between characters. */
size_t utf8_cut(struct str, size_t max);

/* The end of the grapheme cluster (UAX 29) that starts at offset i. */
size_t utf8_grapheme(const char *p, size_t n, size_t i);

/* Terminal columns: East Asian wide 2, combining and format characters 0. */
int utf8_width(uint32_t cp);
size_t utf8_columns(struct str);

/* Append the text in Normalization Form C. */
void utf8_nfc(struct buf *, struct str);

/* Append the text as names compare without case: NFKC, case folded. */
void utf8_fold(struct buf *, struct str);

/*
 * True for bidi controls, zero-width and tag characters, which names must not
 * contain. ZWNJ and ZWJ are allowed: Persian, Indic and emoji need them.
 */
bool utf8_is_invisible(uint32_t cp);

/* True for blanks of any width, tabs and line ends. */
bool utf8_is_space(uint32_t cp);

/* True for R and AL of UAX 9: text that runs from right to left. */
bool utf8_is_rtl(uint32_t cp);

/* Append a line with the library's name and version, for --version. */
void utf8_library(struct buf *);

#endif
