/*
 * Allocation that cannot fail: without memory the program exits with 2.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Zeroed memory of n bytes; the caller frees it. */
void *mem_new(size_t n);

/* Resize p to count elements of size bytes; the product is checked. */
void *mem_grow(void *p, size_t count, size_t size);

/*
 * Room for one more element behind count elements of size bytes in p, which has
 * room for *cap: p itself, or a larger copy with *cap doubled.
 */
void *mem_more(void *p, size_t count, size_t *cap, size_t size);

/* A NUL-terminated copy of n bytes; the caller frees it. */
char *mem_dup(const char *p, size_t n);

/* Report on stderr that memory is exhausted, and exit. */
_Noreturn void mem_exhausted(void);

#endif
