/*
 * Statements on a connection to the SQLite database; db_open.h opens it and
 * transaction.h groups writes. A failure is TEMP when another process holds
 * SQLite's lock, else SYSTEM.
 */
#ifndef PORT_DB_DB_H
#define PORT_DB_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"

struct db;
struct db_statement;

void db_close(struct db *);

/* The real path, and the directory PATH-run (mode 2770) for journals. */
const char *db_path(const struct db *);
const char *db_run_dir(const struct db *);

/* Runs statements; their rows are ignored. */
int db_exec(struct db *, const char *sql, struct fail *);

/* The statement of this text, which the connection keeps and owns. */
int db_prepare(
    struct db *, struct db_statement **, const char *sql, struct fail *);

struct db_sql {
	struct db_statement **statement;
	const char *text;
};
int db_prepare_all(
    struct db *, const struct db_sql *, size_t count, struct fail *);

/* Parameters count from 1, columns from 0. Text is borrowed until the next
 * step or reset, both ways; absent text is NULL. NULL reads as the number 0. */
void db_bind(struct db_statement *, int parameter, struct str);
void db_bind_int(struct db_statement *, int parameter, int64_t);
void db_bind_null(struct db_statement *, int parameter);
struct str db_text(struct db_statement *, int column);
int64_t db_int(struct db_statement *, int column);
bool db_is_null(struct db_statement *, int column);

/* 1: a row; 0: the end, -1: failed, and then the statement is reset. */
int db_step(struct db *, struct db_statement *, struct fail *);
void db_reset(struct db_statement *);
int64_t db_changes(struct db *); /* rows changed by the last statement */

/* Brings lazy commits (transaction.h) to the disk. */
int db_sync(struct db *, struct fail *);

/* Reports the last error again, with the caller's subject. -1. */
int db_fail(struct db *, struct fail *, const char *subject);
void db_library(struct buf *); /* appends a line for --version */

#endif
