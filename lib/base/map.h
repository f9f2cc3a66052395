/*
 * A hash table that only grows: strings of bytes to values of one size.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

#include "base/str.h"

struct map;

/* The values have size bytes each. */
struct map *map_new(size_t size);
void map_free(struct map *);

/* The number of keys. */
size_t map_count(const struct map *);

/* The key's value, zeroed if the key is new; it never moves. */
void *map_put(struct map *, struct str key);

/* The key's value, or NULL. */
void *map_get(const struct map *, struct str key);

/* The i-th value in the order of insertion, and its key unless NULL. */
void *map_item(const struct map *, size_t i, struct str *key);

#endif
