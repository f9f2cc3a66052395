/*
 * How a connection to the relay is encrypted.
 */
#ifndef PORT_RELAY_RELAY_TLS_H
#define PORT_RELAY_RELAY_TLS_H

enum relay_tls {
	RELAY_STARTTLS, /* required */
	RELAY_TLS,      /* from the first byte */
	RELAY_PLAIN,    /* no TLS: loopback, or BM_PLAINTEXT=yes */
};

#endif
