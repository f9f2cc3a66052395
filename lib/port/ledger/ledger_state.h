/*
 * The states of a mailing (emails.state in bm-schema.5).
 */
#ifndef PORT_LEDGER_LEDGER_STATE_H
#define PORT_LEDGER_LEDGER_STATE_H

#include "base/str.h"

enum ledger_state {
	LEDGER_OPEN,
	LEDGER_HELD,
	LEDGER_CANCELLED,
	LEDGER_PRUNED, /* who got it is forgotten: it is never sent again */
};

/* The name in the database: "open", "held", "cancelled" or "pruned". */
const char *ledger_state_name(enum ledger_state);

/* The state of a name; LEDGER_OPEN for any other text. */
enum ledger_state ledger_state_parse(struct str name);

#endif
