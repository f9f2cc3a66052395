/*
 * The key of an erased person: a hash of the recipient key, which still counts
 * against the address in the register and the ledger.
 */
#ifndef PORT_OPTOUT_HIDDEN_KEY_H
#define PORT_OPTOUT_HIDDEN_KEY_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends the hidden key: "sha256:" and 64 hexadecimal digits. */
void hidden_key_put(struct buf *, struct str key);

/* True if the key has the form of a hidden key. */
bool hidden_key_valid(struct str key);

#endif
