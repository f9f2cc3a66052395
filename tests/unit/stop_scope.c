#include "mail/smtp/stop_scope.h"

#include "unit.h"

int
main(void)
{
	for (int i = STOP_SCOPE_RECIPIENT; i <= STOP_SCOPE_RELAY; i++)
		ok(stop_scope_parse(
		       str_of(stop_scope_name((enum stop_scope)i))) == i,
		    "%s", stop_scope_name((enum stop_scope)i));
	ok(stop_scope_parse(STR("all")) == -1 &&
		stop_scope_parse(STR("")) == -1,
	    "no scope");
	ok(stop_scope_is_whole(STOP_SCOPE_ACCOUNT) &&
		stop_scope_is_whole(STOP_SCOPE_RELAY) &&
		!stop_scope_is_whole(STOP_SCOPE_SENDER),
	    "what ends a run");
	return unit_end();
}
