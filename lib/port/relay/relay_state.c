#include "port/relay/relay_state.h"

struct relay *
relay_state_of(struct transport *t)
{
	return (struct relay *)t;
}
