/*
 * The gates of a relay's messages: each stands before a final dot.
 */
#ifndef PORT_RELAY_RELAY_GATES_H
#define PORT_RELAY_RELAY_GATES_H

#include "port/relay/relay_state.h"

/* As release and withhold of a transport. */
void relay_gates_release(struct transport *, struct envelope *);
void relay_gates_withhold(struct transport *, struct envelope *);

/* Before the dots behind open gates are sent: hear the relay's last words. */
void relay_gates_check(struct relay *);

#endif
