/*
 * The SQLite database file: opening it safely and writing in turn.
 *
 * Every write transaction takes flock on PATH-lock first, since SQLite's own
 * busy handler starves writers. Nothing may open(2) the database or its -wal
 * and -shm: closing such a descriptor drops SQLite's locks.
 */
#ifndef PORT_DB_DB_H
#define PORT_DB_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"

struct sqlite3;
struct sqlite3_stmt;
struct db;

enum db_mode {
	DB_READ,    /* no write is possible through it */
	DB_WRITE,   /* the file must exist and carry our schema */
	DB_CREATE,  /* made, with the whole schema, unless it exists */
	DB_UPGRADE, /* for schema_upgrade() only */
};

/*
 * wait_ms bounds the wait for the write lock and for readers' locks. SYSTEM:
 * missing, not ours, newer schema, network file system, not writable. TEMP:
 * locked for longer than wait_ms.
 */
int db_open(
    struct db **, const char *path, enum db_mode, int wait_ms, struct fail *);
void db_close(struct db *);

/* The real path, and the directory PATH-run (mode 2770) for journals. */
const char *db_path(const struct db *);
const char *db_run_dir(const struct db *);
struct sqlite3 *db_handle(struct db *);

/*
 * A write transaction: keep it under 10 ms of work. TEMP when not granted
 * within wait_ms; from then on the wait is none, since the caller gives up.
 * A lazy one survives the death of the process once it is committed, but that
 * of the power only with the next one that changes something and is not lazy,
 * or with db_sync().
 */
int db_begin(struct db *, struct fail *);
int db_begin_lazy(struct db *, bool lazy, struct fail *);
int db_commit(struct db *, struct fail *);
int db_sync(struct db *, struct fail *);

/* What is read until then is of one moment, and costs less. Keep it short. */
int db_begin_read(struct db *, struct fail *);
int db_end_read(struct db *, struct fail *);
void db_rollback(struct db *); /* harmless without a transaction */

int db_exec(struct db *, const char *sql, struct fail *);

/*
 * The statement for this text, prepared at its first use. Kept by db and
 * finalized by db_close().
 */
int db_prepare(
    struct db *, struct sqlite3_stmt **, const char *sql, struct fail *);

/*
 * Bind text (NULL when absent; parameters count from 1) and read it back
 * (columns count from 0). Borrowed both ways until the next step or reset.
 */
void db_bind(struct sqlite3_stmt *, int column, struct str);
struct str db_text(struct sqlite3_stmt *, int column);

/* Numbers likewise; NULL reads as 0. */
void db_bind_int(struct sqlite3_stmt *, int column, int64_t);
int64_t db_int(struct sqlite3_stmt *, int column);
bool db_is_null(struct sqlite3_stmt *, int column);

/* 1 with a row; 0 when done, -1 when failed: the statement is reset then. */
int db_step(struct db *, struct sqlite3_stmt *, struct fail *);
void db_reset(struct sqlite3_stmt *);

/* Rows that the last statement has changed. */
int64_t db_changes(struct db *);

/* -1 with SQLite's last error: busy is TEMP, all else SYSTEM. */
int db_fail(struct db *, struct fail *, const char *what);

/* Changes whenever any other connection has committed. */
int64_t db_version(struct db *);

/* A line with the name and version of the library, for --version. */
void db_library(struct buf *);

#endif
