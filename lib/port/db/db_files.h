/*
 * The files of a database. Their modes let every user of the group work with
 * them, whatever the umask.
 */
#ifndef PORT_DB_DB_FILES_H
#define PORT_DB_DB_FILES_H

#include <stdbool.h>

#include "base/fail.h"

/* Makes an empty file of mode 0660, unless it exists. SYSTEM. */
int db_files_make(const char *path, struct fail *);

/* SYSTEM unless path is a file on a local disk that may be read or written. */
int db_files_check(const char *path, bool write, struct fail *);

/* path and suffix as one string; the caller frees it. */
char *db_files_beside(const char *path, const char *suffix);

/* Makes the directory for journals, mode 2770, unless it exists. SYSTEM. */
int db_files_run_dir(const char *path, struct fail *);

#endif
