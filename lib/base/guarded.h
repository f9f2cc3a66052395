/*
 * Files where other people may have put something: a link that leads away, a
 * file of theirs that is to be filled, a pipe that is waited for.
 */
#ifndef BASE_GUARDED_H
#define BASE_GUARDED_H

#include "base/buf.h"
#include "base/fail.h"

/*
 * Opens a file to write, and makes it, readable for owner and group as far as
 * the umask lets. In a folder that others may write, as /tmp, a link is not
 * followed, nor a file of somebody else filled. flags: O_TRUNC or O_APPEND. The
 * descriptor, or -1 with SYSTEM.
 */
int guarded_write(const char *path, int flags, struct fail *);

/*
 * Appends the content of a regular file. SYSTEM: it cannot be read, has more
 * than max bytes, or is none, such as a pipe.
 */
int guarded_read(struct buf *, const char *path, size_t max, struct fail *);

#endif
