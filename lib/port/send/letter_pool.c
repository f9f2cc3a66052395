#include "port/send/letter_pool.h"

#include <stdlib.h>

#include "base/mem.h"

struct letter *
letter_pool_get(struct letter_pool *pool)
{
	struct letter *l = letter_queue_pop(&pool->unused);
	struct arena *arena;
	struct letter *all;

	if (l == NULL) {
		l = mem_new(sizeof(*l));
		l->arena = arena_new();
		l->all = pool->all;
		pool->all = l;
	}
	arena = l->arena;
	all = l->all;
	*l = (struct letter){.arena = arena, .all = all};
	return l;
}

void
letter_pool_put(struct letter_pool *pool, struct letter *l)
{
	arena_reset(l->arena);
	l->size = 0;
	letter_queue_push(&pool->unused, l);
}

void
letter_pool_free(struct letter_pool *pool)
{
	struct letter *l = pool->all;

	while (l != NULL) {
		struct letter *next = l->all;

		arena_free(l->arena);
		free(l);
		l = next;
	}
	*pool = (struct letter_pool){0};
}
