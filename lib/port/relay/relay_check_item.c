#include "port/relay/relay_check_item.h"

#include <stddef.h>

void
relay_check_item_tell(const struct relay_check_listener *to, const char *name,
    enum relay_check_status status, const char *text, const char *remedy)
{
	struct relay_check_item item = {name, status, text, remedy};

	if (to->tell != NULL)
		to->tell(to->ctx, &item);
}
