/*
 * How far a connection has come.
 */
#ifndef PORT_RELAY_CONNECTION_STATUS_H
#define PORT_RELAY_CONNECTION_STATUS_H

enum connection_status {
	CONNECTION_OPENING,
	CONNECTION_UP,
	CONNECTION_FAILED,
};

#endif
