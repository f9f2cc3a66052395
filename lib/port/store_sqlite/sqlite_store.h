/*
 * The store in a SQLite database, beside the roster.
 */
#ifndef PORT_STORE_SQLITE_SQLITE_STORE_H
#define PORT_STORE_SQLITE_SQLITE_STORE_H

#include "base/fail.h"
#include "base/waiting.h"
#include "port/db/db.h"
#include "port/store/store.h"

/* The database stays open as long as the store, and its owner closes it. */
int sqlite_store_open(struct store **, struct db *, struct fail *);

/* Opens the database at path, as db_open() does, for the store alone. */
int sqlite_store_open_file(struct store **, const char *path, enum store_mode,
    struct waiting, struct fail *);

#endif
