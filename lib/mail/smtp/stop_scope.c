#include "mail/smtp/stop_scope.h"

static const char *const names[] = {
    "recipient", "domain", "mailing", "sender", "account", "relay"};

const char *
stop_scope_name(enum stop_scope scope)
{
	return names[scope];
}

int
stop_scope_parse(struct str s)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (str_is(s, names[i]))
			return (int)i;
	}
	return -1;
}

bool
stop_scope_is_whole(enum stop_scope scope)
{
	return scope >= STOP_SCOPE_ACCOUNT;
}
