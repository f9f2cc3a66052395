/*
 * The SMTP relay as a transport: connections with TLS and login by libcurl
 * (link.c), the dialogue by mail/smtp.c, the meaning of replies by
 * mail/retry.c.
 */
#ifndef PORT_RELAY_H
#define PORT_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/settings.h"
#include "mail/retry.h"
#include "port/transport.h"

enum relay_tls {
	RELAY_STARTTLS, /* required */
	RELAY_TLS,      /* from the first byte */
	RELAY_PLAIN,    /* none: loopback, or allowed by BM_PLAINTEXT */
};

/* Plain values; zero means the default where one is named. */
struct relay_params {
	char *host; /* A-labels or an address */
	int port;
	enum relay_tls tls;
	char *user;     /* NULL: no login */
	char *password; /* or a token for XOAUTH2/OAUTHBEARER, or neither */
	char *token;
	char *ca_file;   /* NULL: the system's */
	char *ehlo_name; /* a host name or an address literal */
	enum retry_profile profile;
	int connections;    /* at the same time; 1 */
	int per_connection; /* messages; 100 */
	int max_retries;    /* failures in a row before it gives up; 5 */
	int64_t retry_ms;   /* base of next_try: 30 s */
	int64_t timeout_ms; /* caps each wait of RFC 5321 4.5.3.2; 0: none */
};

/*
 * From EMAIL_HOST, EMAIL_PORT, ...; connections and per_connection are left
 * at their defaults. SYSTEM with the setting's name. While secrets are held
 * the process leaves no core dump. relay_params_end() wipes and frees.
 */
int relay_params_from(
    struct relay_params *, const struct settings *, struct fail *);
void relay_params_end(struct relay_params *);

/* "host:port", as outcomes name the relay; the caller frees it. */
char *relay_name(const struct relay_params *);

/*
 * A transport of up to params->connections connections; the params stay the
 * caller's and must outlive it. Nothing is connected before the first offer.
 */
int relay_open(struct transport **, const struct relay_params *, struct fail *);

/*
 * bm-send --check: connect, TLS, login, MAIL FROM with the sender, RSET,
 * QUIT; sends nothing. -1 with TEMP when it may pass, SYSTEM when a person
 * has to look; the text names stage and reply.
 */
int relay_check(const struct relay_params *, const char *sender, struct fail *);

#endif
