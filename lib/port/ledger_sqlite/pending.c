#include "port/ledger_sqlite/pending.h"

#include <stdlib.h>

#include "base/mem.h"

void
pending_drop(struct pending *p, const struct ledger_item *item)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->entries[i].item == item) {
			arena_free(p->entries[i].arena);
			p->entries[i] = p->entries[--p->count];
			return;
		}
	}
}

void
pending_add(struct pending *p, struct pending_entry entry)
{
	pending_drop(p, entry.item);
	p->entries =
	    mem_more(p->entries, p->count, &p->cap, sizeof(*p->entries));
	p->entries[p->count++] = entry;
}

void
pending_free(struct pending *p)
{
	for (size_t i = 0; i < p->count; i++)
		arena_free(p->entries[i].arena);
	free(p->entries);
	*p = (struct pending){0};
}
