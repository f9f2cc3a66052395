/*
 * Where secrets come from when they are not in the settings themselves.
 * Each appends the secret without its final newline.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

#define SECRET_MAX 65536 /* bytes */

/* The content of a file that only its owner and group may read. SYSTEM. */
int secret_file(struct buf *, const char *path, struct fail *);

/* What a shell command prints; its stdin is empty. SYSTEM. */
int secret_command(struct buf *, const char *command, struct fail *);

/* systemd's credential of that name; *found is false when there is none. */
int secret_credential(
    struct buf *, const char *name, bool *found, struct fail *);

#endif
