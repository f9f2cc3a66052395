/*
 * bm-send --check: try the way of a message to the relay, up to its sender.
 */
#ifndef PORT_RELAY_RELAY_CHECK_H
#define PORT_RELAY_RELAY_CHECK_H

#include "base/fail.h"
#include "port/relay/relay_check_item.h"
#include "port/relay/relay_params.h"

struct relay_check {
	const struct relay_params *relay;
	const char *sender;    /* "": the null reverse-path */
	const char *recipient; /* NULL: none is tried */
	struct relay_check_listener listener;
};

/*
 * Connect, TLS, login, MAIL FROM with the sender, perhaps RCPT TO, RSET, QUIT;
 * sends no message. 1 and SYSTEM: the relay refuses us, and a person has to
 * look. -1 and TEMP: a later try may succeed; -1 and SYSTEM: the mistake is
 * ours. The text names the stage and quotes the reply.
 */
int relay_check_run(const struct relay_check *, struct fail *);

#endif
