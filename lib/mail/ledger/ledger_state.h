/*
 * The states of a mailing (emails.state in bm-schema.5).
 */
#ifndef MAIL_LEDGER_LEDGER_STATE_H
#define MAIL_LEDGER_LEDGER_STATE_H

#include <stdbool.h>

#include "base/fail.h"
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

/*
 * Whether an operator may change a state; pruned is final, and so is cancelled.
 * refuse is SYSTEM, with the remedy, for a mailing whose state is one of these.
 */
bool ledger_state_may_become(enum ledger_state from, enum ledger_state to);
int ledger_state_refuse(enum ledger_state, struct str email_id, struct fail *);

#endif
