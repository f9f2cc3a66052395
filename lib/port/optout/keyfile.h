/*
 * The file with the keys of opt-out tokens (mail/optout/token.h has its
 * format).
 */
#ifndef PORT_OPTOUT_KEYFILE_H
#define PORT_OPTOUT_KEYFILE_H

#include "base/arena.h"
#include "base/fail.h"
#include "mail/optout/token.h"

/* Reads the keys into the arena. SYSTEM, also when others may read the file. */
int keyfile_load(
    struct token_keys *, const char *path, struct arena *, struct fail *);

/*
 * make: a new file with one random key, mode 0640 as far as the umask lets, or
 * whatever it is in a setgid folder; SYSTEM when it exists.
 * rotate: a new key before those in the file. *id is the new key's number. The
 * file is synced on return.
 */
int keyfile_make(const char *path, int *id, struct fail *);
int keyfile_rotate(const char *path, int *id, struct fail *);

#endif
