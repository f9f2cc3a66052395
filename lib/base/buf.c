#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

struct str
str_of(const char *s)
{
	return (struct str){s, s != NULL ? strlen(s) : 0};
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int
str_order(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

bool
str_is(struct str a, const char *s)
{
	return str_eq(a, str_of(s));
}

bool
str_is_nocase(struct str a, const char *s)
{
	return a.n == strlen(s) && (a.n == 0 || strncasecmp(a.p, s, a.n) == 0);
}

bool
str_starts(struct str a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.n >= n && (n == 0 || memcmp(a.p, prefix, n) == 0);
}

bool
str_is_ascii(struct str s)
{
	unsigned char all = 0;
	uint64_t w, words = 0;

	for (; s.n >= sizeof(w); s.p += sizeof(w), s.n -= sizeof(w)) {
		memcpy(&w, s.p, sizeof(w));
		words |= w;
	}
	for (; s.n > 0; s.p++, s.n--)
		all |= (unsigned char)*s.p;
	return (words & UINT64_C(0x8080808080808080)) == 0 && all < 0x80;
}

/* memchr() and not strchr(), which finds the NUL in every string. */
struct str
str_strip(struct str s, const char *set)
{
	size_t n = strlen(set);

	while (s.n > 0 && memchr(set, s.p[0], n) != NULL) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && memchr(set, s.p[s.n - 1], n) != NULL)
		s.n--;
	return s;
}

struct str
str_trim(struct str s)
{
	return str_strip(s, " \t");
}

struct str
str_take(struct str *s, struct str stop)
{
	const char *at = s->n > 0 ? memmem(s->p, s->n, stop.p, stop.n) : NULL;
	struct str head = {s->p, at != NULL ? (size_t)(at - s->p) : s->n};
	size_t used = at != NULL ? head.n + stop.n : head.n;

	s->p += used;
	s->n -= used;
	return head;
}

void
buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
}

char *
buf_reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap > 0 ? b->cap : 64;

	if (b->cap - b->len >= n && b->p != NULL)
		return b->p + b->len;
	while (cap - b->len < n && cap <= SIZE_MAX / 2)
		cap *= 2;
	if (cap - b->len < n)
		cap = SIZE_MAX; /* mem_grow() reports it */
	b->p = mem_grow(b->p, cap, 1);
	b->cap = cap;
	return b->p + b->len;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_reserve(b, n), p, n);
	b->len += n;
}

void
buf_addc(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->len++;
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addstr(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void
buf_addint(struct buf *b, long long value)
{
	unsigned long long left = value < 0 ? 0 - (unsigned long long)value
					    : (unsigned long long)value;
	char digits[24], *p = digits + sizeof(digits);

	do
		*--p = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (value < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	buf_reserve(b, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){b->p != NULL ? b->p : "", b->len};
}

const char *
buf_cstr(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->p;
}
