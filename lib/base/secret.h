/*
 * The sources of secrets that are not in the settings themselves. Each
 * function appends the secret without its final newline.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

#define SECRET_MAX 65536 /* bytes */

/* The content of a file. SYSTEM, also as file_trust_secret(). */
int secret_file(struct buf *, const char *path, struct fail *);

/* The output of a shell command with an empty stdin. SYSTEM. */
int secret_command(struct buf *, const char *command, struct fail *);

/*
 * systemd's credential of that name, a file in $CREDENTIALS_DIRECTORY; *found
 * is false if it does not exist. SYSTEM.
 */
int secret_credential(
    struct buf *, const char *name, bool *found, struct fail *);

/* Append the path of that file, and true, if it exists. */
bool secret_credential_path(struct buf *, const char *name);

#endif
