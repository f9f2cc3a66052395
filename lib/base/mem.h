/*
 * Memory: allocation that cannot fail (the program ends with status 2 when
 * memory is out) and arenas, from which everything is freed at once.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Zeroed memory of n bytes; the caller frees it. */
void *mem_new(size_t n);

/* Resize p to count elements of size bytes; the product is checked. */
void *mem_grow(void *p, size_t count, size_t size);

/* A NUL-terminated copy of n bytes; the caller frees it. */
char *mem_dup(const char *p, size_t n);

/*
 * An arena is used for one unit of work: one for a record, one for a run.
 * Pointers from it are dead after arena_reset() or arena_free().
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *);
void arena_reset(struct arena *);

/* Zeroed memory of n bytes, aligned for any type. */
void *arena_alloc(struct arena *, size_t n);

/* A NUL-terminated copy of n bytes. */
char *arena_dup(struct arena *, const char *p, size_t n);

/* Formatted text. */
char *arena_printf(struct arena *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
