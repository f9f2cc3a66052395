/*
 * The run folder beside the database, with the journals of all processes. A
 * journal whose lock can be taken has a dead owner.
 */
#ifndef PORT_LEDGER_SQLITE_JOURNAL_DIR_H
#define PORT_LEDGER_SQLITE_JOURNAL_DIR_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

#define JOURNAL_DIR_SUFFIX ".log"
#define JOURNAL_DIR_TEMPORARY ".tmp" /* until it is locked */
#define JOURNAL_DIR_BAD ".bad"       /* damaged, and kept for a person */
#define JOURNAL_DIR_OWNER_MAX 64
#define JOURNAL_DIR_NAME_MAX (JOURNAL_DIR_OWNER_MAX + 8)

/* A visitor gets the whole content, with the zeros of reserved space. */
enum journal_dir_verdict {
	JOURNAL_DIR_REMOVE,
	JOURNAL_DIR_SET_ASIDE,
};
typedef int journal_dir_fn(
    void *ctx, const char *owner, struct str content, struct fail *);

/*
 * Visits each journal of a dead owner while the lock is held, and does with
 * the file as the visitor says: an enum journal_dir_verdict, or -1, which ends
 * the visit. Sweeps files that a killed process has not finished. A missing
 * folder is empty. SYSTEM, with the file's name, for a journal that cannot be
 * read or locked: its owner may be alive or dead.
 */
int journal_dir_each_dead(
    const char *dir, journal_dir_fn *, void *ctx, struct fail *);

/* Visits every journal, its owner dead or not, without a lock. SYSTEM. */
int journal_dir_each(
    const char *dir, journal_dir_fn *, void *ctx, struct fail *);

/* True if the folder has the journal of this owner. */
bool journal_dir_has(const char *dir, const char *owner);

/* True if the owner holds the lock of its journal, so that it lives. */
bool journal_dir_is_locked(const char *dir, const char *owner);

/* Renames the owner's journal to OWNER.bad; -1 and errno. */
int journal_dir_set_aside(int dirfd, const char *owner);

/* Appends the content of an open journal; -1 and errno. */
int journal_dir_read(int fd, struct buf *);

#endif
