/*
 * What kind of file system a file is on.
 */
#ifndef PORT_DB_FILESYSTEM_H
#define PORT_DB_FILESYSTEM_H

#include <stdbool.h>

/* NFS, SMB, sshfs and their like, where file locks and mmap do not hold. */
bool filesystem_is_remote(const char *path);

/* The same for a type by its number (statfs) and name (mountinfo, or NULL). */
bool filesystem_type_is_remote(unsigned long number, const char *name);

#endif
