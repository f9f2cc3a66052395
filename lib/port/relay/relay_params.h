/*
 * Where the relay is, how to log in, and how much load it may be given.
 */
#ifndef PORT_RELAY_RELAY_PARAMS_H
#define PORT_RELAY_RELAY_PARAMS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/settings.h"
#include "mail/smtp/ehlo.h"
#include "mail/smtp/login_order.h"
#include "mail/smtp/retry.h"
#include "port/relay/relay_listener.h"
#include "port/relay/relay_tls.h"

struct relay_params {
	char *host; /* A-labels or an address */
	int port;
	enum relay_tls tls;
	char *user;                      /* NULL: no login */
	char *password;                  /* or the token, or neither */
	char *token;                     /* for XOAUTH2 and OAUTHBEARER */
	int64_t token_expires;           /* ms since 1970; 0: unknown */
	bool token_renewable;            /* it comes from a command or a file */
	const struct settings *settings; /* borrowed, to read it again */
	struct login_order order;
	struct ehlo_ignored ignored;
	enum pipelining_use pipelining; /* as remembered of earlier runs */
	struct relay_listener listener;
	char *ca_file;   /* NULL: the system's */
	char *ehlo_name; /* a host name or an address literal */
	enum retry_profile profile;
	int connections;    /* at the same time */
	int per_connection; /* messages */
	int max_retries;    /* failures in a row before the run ends */
	int64_t retry_ms;   /* base of next_try */
	int64_t timeout_ms; /* upper bound of the waits of RFC 5321 4.5.3.2 */
};

/*
 * Read EMAIL_HOST, EMAIL_PORT and so on; 1 connection with 100 messages.
 * SYSTEM: the text names the setting. A process that has read a secret leaves
 * no core dump. relay_params_free() wipes them. The settings are borrowed.
 */
int relay_params_init(
    struct relay_params *, const struct settings *, struct fail *);
void relay_params_free(struct relay_params *);

/* "host:port", the relay's name in outcomes; the caller frees it. */
char *relay_params_name(const struct relay_params *);

/* Append the URL for libcurl, with the EHLO name as its path. */
void relay_params_url(const struct relay_params *, struct buf *);

#endif
