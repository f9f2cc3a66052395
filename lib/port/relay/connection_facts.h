/*
 * What bm-send --check tells of a connection: the words of libcurl's report.
 */
#ifndef PORT_RELAY_CONNECTION_FACTS_H
#define PORT_RELAY_CONNECTION_FACTS_H

#include <stdbool.h>

#include "base/buf.h"

/* Ready when zeroed. */
struct connection_facts {
	struct buf
	    addresses;  /* those that were tried: "::1:25, 127.0.0.1:25" */
	struct buf tls; /* "TLSv1.3 / TLS_AES_256_GCM_SHA384" */
	/* Of the relay's own certificate. */
	struct buf subject, issuer, names, from, until;
};

/* A line of libcurl's report, which may have an address or the TLS version. */
void connection_facts_line(struct connection_facts *, struct str);

/* A field of the certificate: "Expire date:Nov 28 20:51:00 2036 GMT". */
void connection_facts_field(struct connection_facts *, struct str);

void connection_facts_free(struct connection_facts *);

#endif
