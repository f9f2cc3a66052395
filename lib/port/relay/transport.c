#include "port/relay/transport.h"

bool
transport_may_leave(const struct transport *t, struct envelope *e)
{
	return t->may_leave == NULL || t->may_leave(t->ctx, e);
}
