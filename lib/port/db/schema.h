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
#define SCHEMA_VERSION 2              /* PRAGMA user_version */

/* SYSTEM unless the database is one of bm and of this version. */
int schema_check(struct db *, struct fail *);

/* Fill an empty database, and one only; the caller has the lock. */
int schema_make(struct db *, struct fail *);

/*
 * Bring an older database to this version. The name of the copy that was made
 * before is appended, nothing when there was nothing to do. SYSTEM, TEMP.
 */
int schema_upgrade(struct db *, struct buf *copy, struct fail *);

#endif
