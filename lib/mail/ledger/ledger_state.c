#include "mail/ledger/ledger_state.h"

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

bool
ledger_state_may_become(enum ledger_state from, enum ledger_state to)
{
	if (from == LEDGER_PRUNED)
		return false;
	return from != LEDGER_CANCELLED || to == LEDGER_CANCELLED;
}

int
ledger_state_refuse(enum ledger_state state, struct str id, struct fail *f)
{
	if (state == LEDGER_PRUNED)
		return fail_system(f,
		    "mailing %.*s was pruned: who got it is forgotten, so it "
		    "is never sent again; another --id makes a mailing of its "
		    "own",
		    (int)id.n, id.p);
	return fail_system(f,
	    "mailing %.*s is cancelled, and stays so; to mail the rest, render "
	    "it with another --id for bm-recipients --ledger "
	    "%.*s=none,skipped",
	    (int)id.n, id.p, (int)id.n, id.p);
}
