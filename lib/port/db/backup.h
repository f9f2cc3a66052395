/*
 * A copy of a database that is in use.
 */
#ifndef PORT_DB_BACKUP_H
#define PORT_DB_BACKUP_H

#include <stdint.h>

#include "base/fail.h"
#include "port/db/db.h"

/*
 * Writes the database, as of one moment, to a file of mode 0660 that is marked
 * as a copy (generation.h), and syncs it. An earlier copy of that path is
 * replaced when the new one is complete. now: ms since 1970. SYSTEM, also when
 * the path is anything but a copy; TEMP when the database stays locked.
 */
int backup_write(struct db *, const char *path, int64_t now, struct fail *);

#endif
