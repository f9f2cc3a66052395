/*
 * A process's own journal (bm-ledger.7): an append-only file in the run folder
 * beside the database, under a flock, which the kernel drops when the process
 * dies. The lines are framed (journal_line.h).
 */
#ifndef PORT_LEDGER_SQLITE_JOURNAL_H
#define PORT_LEDGER_SQLITE_JOURNAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"
#include "mail/record/journal_record.h"
#include "port/ledger_sqlite/journal_place.h"

struct journal;

/* Makes the folder if needed, and a locked journal with a synced header.
 * durable: journal_sync() calls fdatasync(2). */
int journal_open(
    struct journal **, const char *dir, bool durable, struct fail *);

/* What becomes of the file when its owner drops the lock. */
enum journal_end {
	JOURNAL_KEEP,
	JOURNAL_REMOVE,
	JOURNAL_SET_ASIDE, /* as journal_dir_set_aside() does */
};
void journal_close(struct journal *, enum journal_end);

/* The owner's name, unique for ever: the name of the file without ".log". */
const char *journal_owner(const struct journal *);
/* The generation, and the bytes that are good: synced, if it is durable. */
struct journal_place journal_place(const struct journal *);

/* Buffer a record; the first of a mailing gets its course and content. A record
 * that the full disk has no room for, and for so many outcomes behind it, is
 * dropped, and the next write fails; the records before it are written. */
void journal_put(struct journal *, const struct journal_record *);
void journal_keep_room(struct journal *, size_t outcomes);
bool journal_unsynced(const struct journal *); /* buffered, or dropped */

/* Append the buffered records in one write(2); journal_sync() makes them good,
 * with all that was written before. SYSTEM. After a failed write or sync, which
 * proves nothing any more, and a dropped outcome every later call fails, too.
 */
int journal_write(struct journal *, struct fail *);
int journal_sync(struct journal *, struct fail *);

/* Replaces the file by its next generation: a header and these records; nothing
 * may be buffered. A failure or crash leaves the old file or the new one. */
int journal_renew(struct journal *, const struct journal_record *, size_t count,
    struct fail *);

/* Appends the whole content to the buffer, with the reserved zeros. SYSTEM. */
int journal_read(struct journal *, struct buf *, struct fail *);

#endif
