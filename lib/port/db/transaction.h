/*
 * Transactions. A write transaction takes the flock on PATH-lock first, since
 * SQLite's own busy handler starves writers. Keep it under 10 ms of work. A
 * failure is TEMP when a lock is not granted in time, else SYSTEM, as when the
 * database was deleted, renamed or replaced since it was opened.
 */
#ifndef PORT_DB_TRANSACTION_H
#define PORT_DB_TRANSACTION_H

#include <stdbool.h>

#include "base/fail.h"
#include "port/db/db.h"

/*
 * Begins a write transaction, waiting for at most the connection's limit.
 * After one TEMP the connection waits for no lock any more, since its owner
 * gives up. A lazy transaction is not synced: once committed it survives a
 * crash of the process; a power cut only after db_sync() or the next
 * commit that changes something and is not lazy.
 */
int transaction_begin(struct db *, struct fail *);
int transaction_begin_lazy(struct db *, bool lazy, struct fail *);

/*
 * On failure the transaction is rolled back, unless only the generation
 * (generation.h) could not be written behind it.
 */
int transaction_commit(struct db *, struct fail *);

/* Harmless without a transaction. */
void transaction_rollback(struct db *);

/*
 * A read transaction: all its reads see the same moment, and they cost less.
 * An open one keeps the write-ahead log from being emptied.
 */
int transaction_begin_read(struct db *, struct fail *);
int transaction_end_read(struct db *, struct fail *);

#endif
