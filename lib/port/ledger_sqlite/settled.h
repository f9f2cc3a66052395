/*
 * The outcomes and releases of a process that are not in the rows yet.
 */
#ifndef PORT_LEDGER_SQLITE_SETTLED_H
#define PORT_LEDGER_SQLITE_SETTLED_H

#include <stddef.h>

#include "base/arena.h"
#include "mail/record/journal_record.h"

/* All zero: none. */
struct settled {
	struct journal_record *records;
	size_t count, cap;
	struct arena *arena; /* of their strings */
};

/* Copies the record, without the mailing's course, content and subject. */
void settled_add(struct settled *, struct journal_record);
void settled_reset(struct settled *);
void settled_free(struct settled *);

#endif
