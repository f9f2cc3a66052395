/*
 * The generation of a database: a random id and a counter, in the database and
 * in PATH-lock, by which an older copy that was put back is found. Each change
 * of the ledger or of the register raises the counter. The database is
 * committed first and the file is written behind it, so after a crash the
 * database may be ahead of the file, never behind it.
 *
 * A database with the counter 0 needs no file. All functions but
 * generation_check() are called in a write transaction (transaction.h), which
 * holds the lock.
 */
#ifndef PORT_DB_GENERATION_H
#define PORT_DB_GENERATION_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"
#include "port/db/db.h"
#include "port/db/generation_file.h"

/*
 * Raises the counter once a transaction. While the database is older than the
 * file, or the file is missing, both stay as they are: a change must not hide
 * that. SYSTEM.
 */
int generation_raise(struct db *, struct fail *);

/* Before a claim: SYSTEM, with the remedy, when the database is older than the
 * file or has lost it; else as generation_raise(). */
int generation_claim(struct db *, struct fail *);

/*
 * For a reader, without the lock: appends the sentence of generation_claim() if
 * that would refuse. copy: made by backup.h, and it has no file. SYSTEM.
 */
int generation_check(struct db *, struct buf *why, bool *copy, struct fail *);

/* Lists a mailing in the file, synced unless the transaction is lazy. */
int generation_list(
    struct db *, const struct generation_file_mailing *, struct fail *);

/* For transaction_commit(): writes the file of a raised counter. */
int generation_write(struct db *, struct fail *);

/*
 * Takes an older database, or one whose file is missing, as the newest that is
 * left, under a new id. Visits the mailings that the file lists. all: the file
 * is missing or of another database, so that every mailing is concerned. at:
 * when the database was changed last, in ms since 1970. 0: nothing to accept;
 * 1: accepted. SYSTEM.
 */
struct generation_age {
	bool all;
	int64_t at;
};
int generation_accept(struct db *, generation_file_fn *, void *ctx,
    struct generation_age *, struct fail *);

#endif
