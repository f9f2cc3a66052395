/*
 * The place of a database in the file system. Whatever the umask, both users
 * of the group can work with what is made here.
 */
#ifndef PORT_DB_DB_FILES_H
#define PORT_DB_DB_FILES_H

#include <stdbool.h>

#include "base/fail.h"

/* An empty file of mode 0660, unless there is one. SYSTEM. */
int db_files_make(const char *path, struct fail *);

/* SYSTEM unless it is a file that may be used, on a local disk. */
int db_files_check(const char *path, bool write, struct fail *);

/* path and suffix in one string; the caller frees it. */
char *db_files_beside(const char *path, const char *suffix);

/* The directory for journals, mode 2770, unless there is one. SYSTEM. */
int db_files_run_dir(const char *path, struct fail *);

#endif
