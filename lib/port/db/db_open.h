/*
 * Opening the database file safely. No code may open(2) the database, its -wal
 * or its -shm while a connection is open: closing such a descriptor would drop
 * SQLite's locks.
 */
#ifndef PORT_DB_DB_OPEN_H
#define PORT_DB_DB_OPEN_H

#include "base/fail.h"
#include "base/waiting.h"
#include "port/db/db.h"

enum db_mode {
	DB_READ,    /* the connection cannot write */
	DB_WRITE,   /* the file must exist and have the schema of bm */
	DB_CREATE,  /* makes the file with its schema, unless it exists */
	DB_UPGRADE, /* for schema_upgrade() only */
};

/*
 * The wait is for the write lock and for readers' locks. SYSTEM:
 * missing, not of bm, another schema, network file system, not writable. TEMP:
 * locked beyond the limit. On failure *db is NULL; else db_close()
 * frees it.
 */
int db_open(struct db **db, const char *path, enum db_mode, struct waiting,
    struct fail *);

#endif
