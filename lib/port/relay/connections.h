/*
 * All connections of a process to one relay. Opening one never holds up the
 * others.
 */
#ifndef PORT_RELAY_CONNECTIONS_H
#define PORT_RELAY_CONNECTIONS_H

#include <stddef.h>

#include "base/fail.h"
#include "port/relay/connection_poll.h"
#include "port/relay/relay_params.h"

struct connections;

/* NULL: SYSTEM. The params stay the caller's and must outlive it. */
struct connections *connections_open(
    const struct relay_params *, struct fail *);
void connections_close(struct connections *); /* when all are removed */

/* Begin to open one more; connections_wait() takes the further steps. */
struct connection *connections_add(struct connections *);

/* Close it without a QUIT. */
void connections_remove(struct connections *, struct connection *);

/* What can be read or written on the n connections now. SYSTEM. */
int connections_look(
    struct connections *, struct connection_poll *, size_t n, struct fail *);

/*
 * Wait until one of the n connections can be read or written, or an opening
 * one has made a step; at most timeout_us. SYSTEM.
 */
int connections_wait(struct connections *, struct connection_poll *, size_t n,
    int timeout_us, struct fail *);

#endif
