#include "mail/smtp/dots.h"

#include <string.h>

/* Dots are rare, at the start of a line rarer: memchr() beats memmem(). */
size_t
dots_stuff(struct buf *out, struct str text, size_t from)
{
	size_t left = text.n - from, n = left < DOTS_CHUNK ? left : DOTS_CHUNK;
	const char *p = text.p + from, *end = p + n, *at = p, *dot;

	while (
	    at < end && (dot = memchr(at, '.', (size_t)(end - at))) != NULL) {
		if (dot == text.p || dot[-1] == '\n') {
			buf_add(out, p, (size_t)(dot - p));
			buf_addc(out, '.');
			p = dot;
		}
		at = dot + 1;
	}
	buf_add(out, p, (size_t)(end - p));
	return n;
}
