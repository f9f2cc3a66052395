/*
 * Arenas: memory for one unit of work, freed at once. A program has one for
 * the run and one for the current record.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

/* arena_reset() and arena_free() end the life of everything in it. */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *);
void arena_reset(struct arena *);

/* Zeroed memory of n bytes, aligned for any type. */
void *arena_alloc(struct arena *, size_t n);

/* The same for bytes that the caller writes at once: not zeroed. */
char *arena_bytes(struct arena *, size_t n);

/* A NUL-terminated copy of n bytes. */
char *arena_dup(struct arena *, const char *p, size_t n);

/* Formatted text, NUL-terminated. */
char *arena_printf(struct arena *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A copy of the bytes, with a NUL behind them. */
struct str arena_str(struct arena *, struct str);

#endif
