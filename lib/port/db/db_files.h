/*
 * The place of a database in the file system. Whatever the umask, both users
 * of the group can work with what is made here.
 */
#ifndef PORT_PLACE_H
#define PORT_PLACE_H

#include <stdbool.h>

#include "base/fail.h"

/* An empty file of mode 0660, unless there is one. SYSTEM. */
int place_make(const char *path, struct fail *);

/* SYSTEM unless it is a file that may be used, on a local disk. */
int place_check(const char *path, bool write, struct fail *);

/* path and suffix in one string; the caller frees it. */
char *place_beside(const char *path, const char *suffix);

/* The directory for journals, mode 2770, unless there is one. SYSTEM. */
int place_run_dir(const char *path, struct fail *);

#endif
