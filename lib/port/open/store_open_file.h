/*
 * Opening a store by its name, for who needs no roster.
 */
#ifndef PORT_OPEN_STORE_OPEN_FILE_H
#define PORT_OPEN_STORE_OPEN_FILE_H

#include "base/buf.h"
#include "base/fail.h"
#include "base/waiting.h"
#include "port/store/store.h"

/*
 * The store in the database at path; the wait is for its locks. SYSTEM, TEMP as
 * db_open(). On failure *store is NULL; else store_close() frees it.
 */
int store_open_file(struct store **store, const char *path, enum store_mode,
    struct waiting, struct fail *);

/* Appends a line for --version: the library behind stores. */
void store_open_file_library(struct buf *);

#endif
