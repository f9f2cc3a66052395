/*
 * Journals (bm-ledger.7): one append-only file for each running process, in
 * the run folder beside the database. The process holds a flock on its file,
 * which the kernel drops when the process dies: a journal whose lock can be
 * taken has a dead owner.
 */
#ifndef PORT_LEDGER_JOURNAL_H
#define PORT_LEDGER_JOURNAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

struct journal;

/* Makes the folder if needed, and a new journal in it, locked. */
int journal_open(struct journal **, const char *dir, struct fail *);

/* Drops the lock; remove deletes the file. */
void journal_close(struct journal *, bool remove);

/* The owner's name, unique for ever: the name of the file without ".log". */
const char *journal_owner(const struct journal *);

/*
 * Appends lines in one write(2), then calls fdatasync(2) if durable. SYSTEM;
 * every later write fails too, since a sync after a failed one proves nothing.
 */
int journal_write(
    struct journal *, struct str lines, bool durable, struct fail *);

/* Bytes of the lines in the file. */
size_t journal_size(const struct journal *);

/* Replaces the content; a crash leaves either the old or the new. SYSTEM. */
int journal_rewrite(struct journal *, struct str lines, struct fail *);

/* Appends the whole content to the buffer. */
int journal_read(struct journal *, struct buf *, struct fail *);

/*
 * For each journal of a dead owner in dir: calls fn with the content while the
 * lock is held, then removes the file. A missing dir counts as empty. A failure
 * of fn stops the visit.
 */
typedef int journal_fn(
    void *ctx, const char *owner, struct str content, struct fail *);
int journal_each_dead(const char *dir, journal_fn *, void *ctx, struct fail *);

/* For every journal, its owner dead or not: calls fn without a lock. */
int journal_each(const char *dir, journal_fn *, void *ctx, struct fail *);

/* True if dir has the journal of this owner. */
bool journal_exists(const char *dir, const char *owner);

#endif
