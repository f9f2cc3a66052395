#include "port/ledger_sqlite/settled.h"

#include <stdlib.h>

#include "base/mem.h"

void
settled_add(struct settled *s, struct journal_record record)
{
	if (s->arena == NULL)
		s->arena = arena_new();
	record.course_id = record.content = record.subject = (struct str){0};
	journal_record_keep(&record, s->arena);
	s->records =
	    mem_more(s->records, s->count, &s->cap, sizeof(*s->records));
	s->records[s->count++] = record;
}

void
settled_reset(struct settled *s)
{
	s->count = 0;
	if (s->arena != NULL)
		arena_reset(s->arena);
}

void
settled_free(struct settled *s)
{
	arena_free(s->arena);
	free(s->records);
	*s = (struct settled){0};
}
