/*
 * Whom a file obeys that tells programs what to do, or holds a secret: as
 * ssh(1) has it, root and the user alone. The failures name path and remedy.
 */
#ifndef BASE_FILE_TRUST_H
#define BASE_FILE_TRUST_H

#include <sys/stat.h>

#include "base/fail.h"

/*
 * SYSTEM unless the file belongs to root or to the user, and nobody else may
 * write it but the owner's private group, which has no other member. A device
 * such as /dev/null is taken.
 */
int file_trust_settings(const char *path, const struct stat *, struct fail *);

/* The same; SYSTEM also if others may read it or any group may write it. */
int file_trust_secret(const char *path, const struct stat *, struct fail *);

#endif
