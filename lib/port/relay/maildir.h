/*
 * A Maildir as a transport. A message is written and synced in tmp/; its gate
 * is the rename into new/. The envelope's name is the file's name, so the
 * folder shows whether the message was delivered.
 */
#ifndef PORT_RELAY_MAILDIR_H
#define PORT_RELAY_MAILDIR_H

#include <stdbool.h>

#include "base/fail.h"
#include "port/relay/transport.h"

/*
 * The first message makes the Maildir if it is missing. durable: files survive
 * a power cut. SYSTEM.
 */
int maildir_open(
    struct transport **, const char *path, bool durable, struct fail *);

#endif
