#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CHUNK 65536 /* bytes of the first chunk; each next one is larger */
#define CHUNK_MAX (1 << 20)

struct chunk {
	struct chunk *next;
	size_t cap;
	size_t used;
	max_align_t data[];
};

struct arena {
	struct chunk *head;
};

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

/* Keep the first chunk if it has the usual size: the next record reuses it. */
void
arena_reset(struct arena *a)
{
	struct chunk *keep = NULL;

	while (a->head != NULL) {
		struct chunk *c = a->head;

		a->head = c->next;
		if (c->cap == CHUNK && keep == NULL)
			keep = c;
		else
			free(c);
	}
	a->head = keep;
	if (keep != NULL) {
		keep->next = NULL;
		keep->used = 0;
	}
}

static struct chunk *
find_chunk(struct arena *a, size_t n)
{
	struct chunk *c = a->head;
	size_t usual = c == NULL ? CHUNK : 2 * c->cap;
	size_t cap;

	if (c != NULL && c->cap - c->used >= n)
		return c;
	usual = usual < CHUNK_MAX ? usual : CHUNK_MAX;
	cap = n > usual ? n : usual;
	if (cap > SIZE_MAX - sizeof(*c))
		mem_exhausted();
	c = mem_grow(NULL, sizeof(*c) + cap, 1);
	c->cap = cap;
	c->used = 0;
	if (n > usual && a->head != NULL) {
		/* Behind the head: the head's free space stays in use. */
		c->next = a->head->next;
		a->head->next = c;
	} else {
		c->next = a->head;
		a->head = c;
	}
	return c;
}

char *
arena_bytes(struct arena *a, size_t n)
{
	size_t align = _Alignof(max_align_t);
	struct chunk *c;
	char *p;

	if (n > SIZE_MAX - align)
		mem_exhausted();
	n = (n + align - 1) / align * align;
	c = find_chunk(a, n);
	p = (char *)c->data + c->used;
	c->used += n;
	return p;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_bytes(a, n), 0, n);
}

char *
arena_dup(struct arena *a, const char *p, size_t n)
{
	char *s = arena_bytes(a, n + 1);

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
		mem_exhausted();
	s = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

struct str
arena_str(struct arena *a, struct str s)
{
	return (struct str){arena_dup(a, s.p, s.n), s.n};
}
