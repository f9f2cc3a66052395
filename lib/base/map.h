/*
 * Values found by strings of bytes: a hash table that only grows.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

#include "base/str.h"

struct map;

/* Values of size bytes each. */
struct map *map_new(size_t size);
void map_free(struct map *);

size_t map_count(const struct map *);

/* The key's value, zeroed when it is new; it stays where it is. */
void *map_put(struct map *, struct str key);

/* The key's value, or NULL. */
void *map_get(const struct map *, struct str key);

/* The i-th in the order of their coming; key may be NULL. */
void *map_item(const struct map *, size_t i, struct str *key);

#endif
