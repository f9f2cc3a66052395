/*
 * Files beneath a folder, whatever the spelling of their paths (openat2(2)).
 */
#ifndef BASE_BENEATH_H
#define BASE_BENEATH_H

#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"

/*
 * Append the content of a regular file. SYSTEM if it cannot be read, exceeds
 * max bytes, or if ".." or a symbolic link leads out of the folder; also on
 * kernels before Linux 5.6, which cannot tell. The messages name the path.
 */
int beneath_read(struct buf *, const char *folder, const char *path, size_t max,
    struct fail *);

#endif
