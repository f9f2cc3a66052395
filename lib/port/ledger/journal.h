/*
 * A process's own journal (bm-ledger.7): an append-only file in the run folder
 * beside the database. The process holds a flock on its file, which the kernel
 * drops when the process dies. The lines are framed (journal_line.h).
 */
#ifndef PORT_LEDGER_JOURNAL_H
#define PORT_LEDGER_JOURNAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"
#include "mail/record/journal_record.h"
#include "port/ledger/journal_place.h"

struct journal;

/* Makes the folder if needed, and a locked journal with a synced header. */
int journal_open(struct journal **, const char *dir, struct fail *);

/* What becomes of the file when its owner drops the lock. */
enum journal_end {
	JOURNAL_KEEP,
	JOURNAL_REMOVE,
	JOURNAL_SET_ASIDE, /* as journal_dir_set_aside() does */
};
void journal_close(struct journal *, enum journal_end);

/* The owner's name, unique for ever: the name of the file without ".log". */
const char *journal_owner(const struct journal *);

/* The generation, and the bytes of lines that journal_sync() has written. */
struct journal_place journal_place(const struct journal *);

/* Buffer a record; the first of a mailing gets its course and content. */
void journal_put(struct journal *, const struct journal_record *);
bool journal_unsynced(const struct journal *); /* records are buffered */

/*
 * Appends the buffered records in one write(2), then calls fdatasync(2) if
 * durable. SYSTEM; every later write fails too, since a sync after a failed
 * one proves nothing.
 */
int journal_sync(struct journal *, bool durable, struct fail *);

/*
 * Begins the next generation of the file: its header and these records, in
 * place of all that journal_sync() has written; nothing may be buffered. A
 * crash leaves either the old file or the new one. SYSTEM.
 */
int journal_renew(struct journal *, const struct journal_record *, size_t count,
    struct fail *);

/* Appends the whole content to the buffer, with the reserved zeros. SYSTEM. */
int journal_read(struct journal *, struct buf *, struct fail *);

#endif
