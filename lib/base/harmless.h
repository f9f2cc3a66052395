/*
 * Foreign text that a message quotes: what must not reach a terminal becomes a
 * question mark.
 */
#ifndef BASE_HARMLESS_H
#define BASE_HARMLESS_H

#include <stddef.h>

/*
 * Replace in place the controls of C0 and C1, DEL, line and paragraph
 * separators, what is invisible (utf8_is_invisible()), and each byte that is
 * not valid UTF-8. The new length: not more than n.
 */
size_t harmless_text(char *p, size_t n);

#endif
