/*
 * What bm-send --check tells of a connection: how it was opened, and why not.
 */
#ifndef PORT_RELAY_RELAY_CHECK_FACTS_H
#define PORT_RELAY_RELAY_CHECK_FACTS_H

#include <stdint.h>

#include "port/relay/relay_check_item.h"

struct connection;

/*
 * Tell of a connection that is UP or FAILED, stage by stage up to the one that
 * failed: addresses, greeting, TLS, certificate, extensions, login, size. now:
 * ms since 1970, against which the certificate's end is held.
 */
void relay_check_facts_tell(const struct connection *, int64_t now,
    const struct relay_check_listener *);

#endif
