/*
 * Whole small files.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/fail.h"

/*
 * Append the content of a file. SYSTEM, naming the path, when it cannot be
 * read, is a directory or has more than max bytes. st may be NULL.
 */
int file_read(
    struct buf *, const char *path, size_t max, struct stat *st, struct fail *);

/* The same for a secret: refused unless file_is_private(). */
int file_read_secret(struct buf *, const char *path, size_t max, struct fail *);

/*
 * Write all bytes to a descriptor, waiting for room if it does not block. -1
 * with errno set.
 */
int file_write(int fd, struct str);

/*
 * Write a file aside, sync it and give it its name: there is the whole new
 * content or what was there before, whatever happens. A device or pipe is
 * just written to. SYSTEM.
 */
int file_replace(const char *path, struct str content, struct fail *);

/* The same for the owner's eyes, always aside. */
int file_replace_private(const char *path, struct str content, struct fail *);

/* It is there, and neither a file nor a folder: a device, a pipe. */
bool file_is_special(const char *path);

/* A new entry is durable when the folder that holds it is synced. */
void file_sync_parent(const char *path);

/* Others may not read it and the group may not write it. */
bool file_is_private(const struct stat *);

#endif
