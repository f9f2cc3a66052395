/*
 * The files of a database. Their modes let every user of the group work with
 * them in a setgid folder, whatever the umask; elsewhere the umask decides.
 */
#ifndef PORT_DB_DB_FILES_H
#define PORT_DB_DB_FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/fail.h"

/* Makes an empty file, unless it exists. SYSTEM. */
int db_files_make(const char *path, struct fail *);

/*
 * SYSTEM unless path is a file on a local disk that may be read or written, and
 * has one name only: no hard link, no mount of the file alone.
 */
int db_files_check(const char *path, bool write, struct fail *);

/* A file as the kernel knows it. */
struct db_files_id {
	dev_t dev;
	ino_t ino;
};

/* Which file path names; SYSTEM when it names none. */
int db_files_identify(const char *path, struct db_files_id *, struct fail *);

/*
 * SYSTEM unless path still names that file and no other name does: a database
 * with two names has two ledgers.
 */
int db_files_same(const char *path, const struct db_files_id *, struct fail *);

/* path and suffix as one string; the caller frees it. */
char *db_files_beside(const char *path, const char *suffix);

/* Makes the directory for journals, unless it exists. SYSTEM. */
int db_files_run_dir(const char *path, struct fail *);

#endif
