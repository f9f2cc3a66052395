/*
 * The file with the keys of opt-out tokens (mail/token.h has its format).
 */
#ifndef PORT_OPTOUT_KEYFILE_H
#define PORT_OPTOUT_KEYFILE_H

#include "base/arena.h"
#include "base/fail.h"
#include "mail/optout/token.h"

/* SYSTEM, naming the path; also when others may read the file. */
int keyfile_load(
    struct token_keys *, const char *path, struct arena *, struct fail *);

/*
 * Make the file with one random key, mode 0640; SYSTEM when it exists.
 * rotate: put a new key before those that the file has. *id is the new key's.
 * Durable when it returns.
 */
int keyfile_make(const char *path, int *id, struct fail *);
int keyfile_rotate(const char *path, int *id, struct fail *);

#endif
