/*
 * The schema of the database. A change of any table raises SCHEMA_VERSION and
 * gives schema_upgrade() a step.
 */
#ifndef PORT_DB_SCHEMA_H
#define PORT_DB_SCHEMA_H

#include "base/buf.h"
#include "base/fail.h"
#include "port/db/db.h"

#define SCHEMA_APPLICATION 0x626d6462 /* "bmdb", PRAGMA application_id */
#define SCHEMA_VERSION 13             /* PRAGMA user_version */

/* SYSTEM unless bm made the database and its schema has this version. */
int schema_check(struct db *, struct fail *);

/* Makes the schema in an empty database; the caller has the lock. */
int schema_make(struct db *, struct fail *);

/*
 * Upgrades an older database to this version, after a copy whose path is
 * appended to the buffer; nothing is appended if no upgrade was needed.
 * SYSTEM, TEMP.
 */
int schema_upgrade(struct db *, struct buf *copy, struct fail *);

#endif
