/*
 * Journals (bm-ledger.7): one append-only file a running process, in the
 * folder beside the database. The file is flocked for as long as its process
 * lives; the kernel drops the lock, so a journal whose lock can be taken
 * belongs to nobody any more.
 */
#ifndef PORT_LEDGER_JOURNAL_H
#define PORT_LEDGER_JOURNAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

struct journal;

/* Make the folder if need be and a journal of our own in it, locked. */
int journal_open(struct journal **, const char *dir, struct fail *);

/* Unlock; with remove, the file goes too. */
void journal_close(struct journal *, bool remove);

/* The owner's name, unique for ever: the file's name without ".log". */
const char *journal_owner(const struct journal *);

/*
 * Append lines in one write(2), then fdatasync(2) if durable. SYSTEM; after a
 * failure nothing more may be written, since an fdatasync that failed once
 * cannot be believed later.
 */
int journal_write(
    struct journal *, struct str lines, bool durable, struct fail *);

/* Bytes in the file. */
size_t journal_size(const struct journal *);

/* Replace the content; a crash leaves the old one or the new one. SYSTEM. */
int journal_rewrite(struct journal *, struct str lines, struct fail *);

/* Everything written so far. */
int journal_read(struct journal *, struct buf *, struct fail *);

/*
 * For each journal in dir whose owner is dead: fn with its whole content,
 * under its lock; then the file is removed. A dir that does not exist is an
 * empty one.
 */
typedef int journal_fn(
    void *ctx, const char *owner, struct str content, struct fail *);
int journal_each_dead(const char *dir, journal_fn *, void *ctx, struct fail *);

/* The same for every journal as it is now, dead or not; nothing is locked. */
int journal_each(const char *dir, journal_fn *, void *ctx, struct fail *);

/* Is there a file of this owner in dir? */
bool journal_exists(const char *dir, const char *owner);

#endif
