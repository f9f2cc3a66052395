#include "mail/dots.h"

#include <string.h>

size_t
dots_stuff(struct buf *out, struct str text, size_t from)
{
	const char *p = text.p + from, *dot;
	size_t left = text.n - from, n = left < DOTS_CHUNK ? left : DOTS_CHUNK;

	if (from == 0 && n > 0 && *p == '.')
		buf_addc(out, '.');
	dot = n > 0 ? memmem(p, n, "\r\n.", 3) : NULL;
	if (dot != NULL)
		n = (size_t)(dot - p) + 2;
	else if (n < left)
		n -= 2; /* a line end may be cut in two */
	buf_add(out, p, n);
	if (dot != NULL)
		buf_addc(out, '.');
	return n;
}
