#include "port/ledger_sqlite/journal_live.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/record/journal_text.h"
#include "port/ledger_sqlite/journal_dir.h"

struct journal_live {
	struct arena *arena; /* the journals' text, which the records borrow */
	struct map *records; /* by owner, mailing and recipient */
	struct buf key;
};

static struct str
put_key(struct buf *b, struct str owner, struct str email_id, struct str key)
{
	buf_reset(b);
	buf_addstr(b, owner);
	buf_addc(b, '\0');
	buf_addstr(b, email_id);
	buf_addc(b, '\0');
	buf_addstr(b, key);
	return buf_str(b);
}

/* A line that is being written ends the journal. */
static int
read_journal(void *ctx, const char *owner, struct str content, struct fail *f)
{
	struct journal_live *l = ctx;
	struct str kept = arena_str(l->arena, content);
	struct journal_text text;
	struct journal_record record;

	journal_text_read(
	    &text, str_of(owner), kept, (struct journal_known){0}, l->arena);
	for (size_t i = 0; i < text.count; i++) {
		if (journal_record_parse(
			&record, text.lines[i].text, l->arena, f) < 0)
			break;
		*(struct journal_record *)map_put(
		    l->records, put_key(&l->key, str_of(owner), record.email_id,
				    record.key)) = record;
	}
	return 0;
}

int
journal_live_new(struct journal_live **out, const char *dir, struct fail *f)
{
	struct journal_live *l = mem_new(sizeof(*l));

	l->arena = arena_new();
	l->records = map_new(sizeof(struct journal_record));
	if (journal_dir_each(dir, read_journal, l, f) < 0) {
		journal_live_free(l);
		return -1;
	}
	*out = l;
	return 0;
}

void
journal_live_free(struct journal_live *l)
{
	if (l == NULL)
		return;
	map_free(l->records);
	arena_free(l->arena);
	buf_free(&l->key);
	free(l);
}

const struct journal_record *
journal_live_find(const struct journal_live *l, struct str owner,
    struct str email_id, struct str key)
{
	struct buf b = {0};
	const struct journal_record *record =
	    map_get(l->records, put_key(&b, owner, email_id, key));

	buf_free(&b);
	return record;
}
