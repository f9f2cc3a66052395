/*
 * The login over a connection that libcurl has opened.
 */
#ifndef PORT_RELAY_CONNECTION_LOGIN_H
#define PORT_RELAY_CONNECTION_LOGIN_H

#include "port/relay/connection_state.h"

/* The opening is done: the connection is UP, or it has to log in. */
void connection_login_begin(struct connection *);

/* True if there is a login, or a wait for one. */
bool connection_login_is_due(const struct connection *);

/* Send and receive what can be; UP or FAILED in the end. */
void connection_login_move(struct connection *, int64_t now);

/* Free what the login has; another connection may log in. */
void connection_login_end(struct connection *);

#endif
