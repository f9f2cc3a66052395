#include "port/ledger/ledger_state.h"

static const char *const names[] = {
    [LEDGER_OPEN] = "open",
    [LEDGER_HELD] = "held",
    [LEDGER_CANCELLED] = "cancelled",
};

const char *
ledger_state_name(enum ledger_state state)
{
	return names[state];
}

enum ledger_state
ledger_state_parse(struct str name)
{
	if (str_is(name, names[LEDGER_HELD]))
		return LEDGER_HELD;
	return str_is(name, names[LEDGER_CANCELLED]) ? LEDGER_CANCELLED
						     : LEDGER_OPEN;
}
