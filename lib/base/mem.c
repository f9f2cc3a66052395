#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 65536 /* bytes; a larger request gets a chunk of its own */

struct chunk {
	struct chunk *next;
	size_t cap;
	size_t used;
	max_align_t data[];
};

struct arena {
	struct chunk *head;
};

static _Noreturn void
out_of_memory(void)
{
	fputs("bm: out of memory\n", stderr);
	exit(2);
}

void *
mem_new(size_t n)
{
	void *p = calloc(1, n > 0 ? n : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
mem_grow(void *p, size_t count, size_t size)
{
	void *q;

	if (size != 0 && count > SIZE_MAX / size)
		out_of_memory();
	q = realloc(p, count * size > 0 ? count * size : 1);
	if (q == NULL)
		out_of_memory();
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

struct arena *
arena_new(void)
{
	return mem_new(sizeof(struct arena));
}

static void
free_chunks(struct chunk *c)
{
	while (c != NULL) {
		struct chunk *next = c->next;

		free(c);
		c = next;
	}
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	free_chunks(a->head);
	free(a);
}

/* One chunk of the usual size is kept, so a loop over records reuses it. */
void
arena_reset(struct arena *a)
{
	struct chunk *keep = a->head;

	if (keep == NULL)
		return;
	free_chunks(keep->next);
	keep->next = NULL;
	if (keep->cap > CHUNK) {
		free(keep);
		a->head = NULL;
		return;
	}
	keep->used = 0;
}

static struct chunk *
chunk_for(struct arena *a, size_t n)
{
	struct chunk *c = a->head;
	size_t cap = n > CHUNK ? n : CHUNK;

	if (c != NULL && c->cap - c->used >= n)
		return c;
	if (cap > SIZE_MAX - sizeof(*c))
		out_of_memory();
	c = malloc(sizeof(*c) + cap);
	if (c == NULL)
		out_of_memory();
	c->cap = cap;
	c->used = 0;
	if (n > CHUNK && a->head != NULL) {
		/* Behind the head: the head's free space stays in use. */
		c->next = a->head->next;
		a->head->next = c;
	} else {
		c->next = a->head;
		a->head = c;
	}
	return c;
}

static char *
take(struct arena *a, size_t n)
{
	size_t align = _Alignof(max_align_t);
	struct chunk *c;
	char *p;

	if (n > SIZE_MAX - align)
		out_of_memory();
	n = (n + align - 1) / align * align;
	c = chunk_for(a, n);
	p = (char *)c->data + c->used;
	c->used += n;
	return p;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(take(a, n), 0, n);
}

char *
arena_dup(struct arena *a, const char *p, size_t n)
{
	char *s = take(a, n + 1);

	if (n > 0)
		memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	int n;
	char *s;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	s = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}
