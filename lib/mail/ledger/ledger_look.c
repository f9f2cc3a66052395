#include "mail/ledger/ledger_look.h"

/* A mailing that is held or pruned says nothing of its recipients. */
enum ledger_look_verdict
ledger_look_judge(struct ledger_look look, int64_t expires, int64_t now)
{
	switch (look.state) {
	case LEDGER_HELD:
		return LEDGER_LOOK_HELD;
	case LEDGER_PRUNED:
		return LEDGER_LOOK_PRUNED;
	case LEDGER_CANCELLED:
		return LEDGER_LOOK_CANCELLED;
	case LEDGER_OPEN:
		break;
	}
	if (look.out)
		return LEDGER_LOOK_OPTOUT;
	if (look.suppressed)
		return LEDGER_LOOK_SUPPRESSED;
	return expires != 0 && expires <= now ? LEDGER_LOOK_EXPIRED
					      : LEDGER_LOOK_GO;
}
