/*
 * The items of a process that are not settled, each with its last fact: an
 * intent, or the outcome with which an intent was withdrawn.
 */
#ifndef PORT_LEDGER_SQLITE_PENDING_H
#define PORT_LEDGER_SQLITE_PENDING_H

#include <stddef.h>

#include "base/arena.h"
#include "mail/ledger/ledger_item.h"
#include "mail/record/journal_record.h"

struct pending_entry {
	const struct ledger_item *item;
	struct journal_record record;
	struct arena *arena; /* of the record's strings; NULL: the item's */
};

/* All zero: nothing is pending. */
struct pending {
	struct pending_entry *entries;
	size_t count, cap;
};

/* Takes the place of an earlier fact about the item; owns the arena. */
void pending_add(struct pending *, struct pending_entry);
void pending_drop(struct pending *, const struct ledger_item *);
void pending_free(struct pending *);

#endif
