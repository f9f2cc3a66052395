/*
 * Small files, read and written as a whole. The messages name the path.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/fail.h"

/*
 * Append the content of a file. st, if not NULL, gets its status. SYSTEM if it
 * cannot be read (errno is ENOENT if it does not exist) or exceeds max bytes.
 */
int file_read(
    struct buf *, const char *path, size_t max, struct stat *st, struct fail *);

/* The same for the rest of standard input, which is named "stdin". */
int file_read_stdin(struct buf *, size_t max, struct fail *);

/* As file_read() for a secret, after which the process leaves no core file
 * (cores.h); SYSTEM also as file_trust_secret(). */
int file_read_secret(struct buf *, const char *path, size_t max, struct fail *);

/*
 * Write all bytes to a descriptor; waits if it does not block. -1 with errno
 * set on an error.
 */
int file_write(int fd, struct str);

/*
 * Replace a file's content: write a new file, sync it and rename it, so that
 * after a crash the old or the new content is there, complete. A device or
 * pipe is written to directly. SYSTEM.
 */
int file_replace(const char *path, struct str content, struct fail *);

/* The same with mode 0600, and always by renaming. */
int file_replace_private(const char *path, struct str content, struct fail *);

/*
 * A temporary file in TMPDIR (or /var/tmp) has no name and is gone when it is
 * closed: the descriptor of a new one, and writing all bytes to it. SYSTEM.
 */
int file_temporary(struct fail *);
int file_temporary_write(int fd, struct str, struct fail *);

/* True if the path exists and is neither a regular file nor a folder. */
bool file_is_special(const char *path);

/* Sync the folder that holds the path: only then a new entry is durable. */
void file_sync_parent(const char *path);

#endif
