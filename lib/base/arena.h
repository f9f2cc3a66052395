/*
 * Arenas: memory for one unit of work, freed at once. There is one for a
 * record and one for a run.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

/* Its pointers are dead after arena_reset() or arena_free(). */
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

/* A copy of the bytes, NUL-terminated behind its length. */
struct str arena_str(struct arena *, struct str);

#endif
