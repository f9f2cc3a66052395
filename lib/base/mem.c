#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void
mem_exhausted(void)
{
	fputs("bm: out of memory\n", stderr);
	exit(2);
}

void *
mem_new(size_t n)
{
	void *p = calloc(1, n > 0 ? n : 1);

	if (p == NULL)
		mem_exhausted();
	return p;
}

void *
mem_grow(void *p, size_t count, size_t size)
{
	void *q;

	if (size != 0 && count > SIZE_MAX / size)
		mem_exhausted();
	q = realloc(p, count * size > 0 ? count * size : 1);
	if (q == NULL)
		mem_exhausted();
	return q;
}

char *
mem_dup(const char *p, size_t n)
{
	char *s = mem_new(n + 1);

	if (n > 0)
		memcpy(s, p, n);
	return s;
}

void *
mem_more(void *p, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return p;
	*cap = *cap > 0 ? 2 * *cap : 8;
	return mem_grow(p, *cap, size);
}
