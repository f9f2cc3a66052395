/*
 * A Maildir as a transport. A message is written and synced in tmp/; the gate
 * is its rename into new/. The file's name is that of the recipient's copy,
 * so a look into the folder tells whether it was delivered.
 */
#ifndef PORT_RELAY_MAILDIR_H
#define PORT_RELAY_MAILDIR_H

#include <stdbool.h>

#include "base/fail.h"
#include "port/relay/transport.h"

/* The first message makes it unless it is there. durable: synced. SYSTEM. */
int maildir_open(
    struct transport **, const char *path, bool durable, struct fail *);

#endif
