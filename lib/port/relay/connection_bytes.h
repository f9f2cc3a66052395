/*
 * The bytes of a connection that libcurl has opened.
 */
#ifndef PORT_RELAY_CONNECTION_BYTES_H
#define PORT_RELAY_CONNECTION_BYTES_H

#include <sys/types.h>

#include "base/str.h"

struct connection;

/* The number of bytes sent or received; 0: not now; -1: disconnected. */
ssize_t connection_bytes_send(struct connection *, struct str);
ssize_t connection_bytes_receive(struct connection *, char *p, size_t n);

#endif
