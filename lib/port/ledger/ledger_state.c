#include "port/ledger/ledger_state.h"

static const char *const names[] = {
    [LEDGER_OPEN] = "open",
    [LEDGER_HELD] = "held",
    [LEDGER_CANCELLED] = "cancelled",
    [LEDGER_PRUNED] = "pruned",
};

const char *
ledger_state_name(enum ledger_state state)
{
	return names[state];
}

enum ledger_state
ledger_state_parse(struct str name)
{
	for (int state = LEDGER_HELD; state <= LEDGER_PRUNED; state++) {
		if (str_is(name, names[state]))
			return (enum ledger_state)state;
	}
	return LEDGER_OPEN;
}
