/*
 * Where the relay is, how to get in and how hard to press it.
 */
#ifndef PORT_RELAY_RELAY_PARAMS_H
#define PORT_RELAY_RELAY_PARAMS_H

#include <stdint.h>

#include "base/fail.h"
#include "base/settings.h"
#include "mail/smtp/retry.h"

enum relay_tls {
	RELAY_STARTTLS, /* required */
	RELAY_TLS,      /* from the first byte */
	RELAY_PLAIN,    /* none: loopback, or allowed by BM_PLAINTEXT */
};

/* Plain values. */
struct relay_params {
	char *host; /* A-labels or an address */
	int port;
	enum relay_tls tls;
	char *user;      /* NULL: no login */
	char *password;  /* or the token, or neither */
	char *token;     /* for XOAUTH2 and OAUTHBEARER */
	char *ca_file;   /* NULL: the system's */
	char *ehlo_name; /* a host name or an address literal */
	enum retry_profile profile;
	int connections;    /* at the same time */
	int per_connection; /* messages */
	int max_retries;    /* failures in a row before it gives up */
	int64_t retry_ms;   /* base of next_try */
	int64_t timeout_ms; /* caps each wait of RFC 5321 4.5.3.2 */
};

/*
 * From EMAIL_HOST, EMAIL_PORT and so on; 1 connection, 100 messages through
 * each. SYSTEM with the setting's name. While secrets are held the process
 * leaves no core dump. relay_params_end() wipes and frees.
 */
int relay_params_from(
    struct relay_params *, const struct settings *, struct fail *);
void relay_params_end(struct relay_params *);

/* "host:port", as outcomes name the relay; the caller frees it. */
char *relay_params_name(const struct relay_params *);

#endif
