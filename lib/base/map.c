#include "base/map.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/mem.h"

struct item {
	struct str key;
	uint64_t hash;
	void *value;
};

struct map {
	struct arena *arena;
	size_t size; /* bytes in a value */
	struct item *items;
	size_t count, cap;
	size_t *slots; /* index into items, plus 1; 0 if free */
	size_t mask;   /* number of slots - 1 */
};

static uint64_t
hash_key(struct str s)
{
	uint64_t h = hash_add(HASH_SEED, s);

	return h ^ (h >> 32);
}

struct map *
map_new(size_t size)
{
	struct map *m = mem_new(sizeof(*m));

	m->arena = arena_new();
	m->size = size;
	m->mask = 63;
	m->slots = mem_new((m->mask + 1) * sizeof(*m->slots));
	return m;
}

void
map_free(struct map *m)
{
	if (m == NULL)
		return;
	arena_free(m->arena);
	free(m->items);
	free(m->slots);
	free(m);
}

size_t
map_count(const struct map *m)
{
	return m->count;
}

/* The slot of the key, or the free slot where it belongs. */
static size_t
find_slot(const struct map *m, struct str key, uint64_t hash)
{
	size_t i = (size_t)hash & m->mask;

	while (m->slots[i] != 0) {
		const struct item *it = &m->items[m->slots[i] - 1];

		if (it->hash == hash && str_eq(it->key, key))
			break;
		i = (i + 1) & m->mask;
	}
	return i;
}

static void
double_slots(struct map *m)
{
	free(m->slots);
	m->mask = m->mask * 2 + 1;
	m->slots = mem_new((m->mask + 1) * sizeof(*m->slots));
	for (size_t k = 0; k < m->count; k++) {
		size_t i = (size_t)m->items[k].hash & m->mask;

		while (m->slots[i] != 0)
			i = (i + 1) & m->mask;
		m->slots[i] = k + 1;
	}
}

void *
map_put(struct map *m, struct str key)
{
	uint64_t hash = hash_key(key);
	size_t i = find_slot(m, key, hash);
	struct item *it;

	if (m->slots[i] != 0)
		return m->items[m->slots[i] - 1].value;
	m->items = mem_more(m->items, m->count, &m->cap, sizeof(*m->items));
	it = &m->items[m->count++];
	it->key = arena_str(m->arena, key);
	it->hash = hash;
	it->value = arena_alloc(m->arena, m->size);
	m->slots[i] = m->count;
	if (m->count * 4 > m->mask * 3)
		double_slots(m);
	return it->value;
}

void *
map_get(const struct map *m, struct str key)
{
	size_t i = find_slot(m, key, hash_key(key));

	return m->slots[i] != 0 ? m->items[m->slots[i] - 1].value : NULL;
}

void *
map_item(const struct map *m, size_t i, struct str *key)
{
	if (key != NULL)
		*key = m->items[i].key;
	return m->items[i].value;
}
