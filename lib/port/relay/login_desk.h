/*
 * The logins of all connections of a run: what they have learned, the token,
 * and the queue for the first one, so that a wrong password is tried twice and
 * not by every connection.
 */
#ifndef PORT_RELAY_LOGIN_DESK_H
#define PORT_RELAY_LOGIN_DESK_H

#include <stdint.h>

#include "base/fail.h"
#include "mail/smtp/login.h"
#include "port/relay/connection_error.h"
#include "port/relay/relay_params.h"

struct login_desk {
	const struct relay_params *params;
	struct login_account account;
	struct login_memory memory;
	char *token;      /* of the account; wiped and freed */
	int64_t fetched;  /* ms since 1970: when we got the token */
	int64_t expires;  /* 0: unknown */
	const void *busy; /* the one connection that logs in, or NULL */
	bool is_denied;   /* the relay has refused us for good */
	struct connection_error denial;
};

void login_desk_init(struct login_desk *, const struct relay_params *);
void login_desk_free(struct login_desk *);

/* True if the connection may log in now; it then is the busy one. */
bool login_desk_enter(struct login_desk *, const void *connection);

/* Get a fresh token if the last one was refused or is over. SYSTEM. */
int login_desk_renew(struct login_desk *, struct fail *);

/* The connection has logged in, or has given up. */
void login_desk_leave(struct login_desk *, const void *connection);

#endif
