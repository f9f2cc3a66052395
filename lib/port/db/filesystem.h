/*
 * Tells network file systems from local disks.
 */
#ifndef PORT_DB_FILESYSTEM_H
#define PORT_DB_FILESYSTEM_H

#include <stdbool.h>

/* True on NFS, SMB, sshfs and the like, where locks and mmap fail. */
bool filesystem_is_remote(const char *path);

/* The same for a type: number of statfs(2), name of mountinfo or NULL. */
bool filesystem_type_is_remote(unsigned long number, const char *name);

#endif
