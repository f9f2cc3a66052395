/*
 * The words of operators about mailings and recipients (ledger_admin.h,
 * ledger_recipient.h). Strings are borrowed.
 */
#ifndef PORT_LEDGER_LEDGER_DECISION_H
#define PORT_LEDGER_LEDGER_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* A ledger that is older than its store says is accepted. */
struct ledger_decision_accepted {
	long long mailings; /* marked */
	int64_t at;         /* of the ledger, ms since 1970; 0: unknown */
};

/* A recipient in doubt was sent the message, or was not. */
struct ledger_decision_word {
	struct str email_id, key;
	bool sent;           /* or not: it is due again at now */
	struct str queue_id; /* of a sent one, or absent */
	int64_t now;
};

/* The size of a mailing and its approval: ledger_plan.h */
struct ledger_decision_plan {
	struct str email_id;
	struct str keys;        /* SHA-256 of the recipients' keys */
	long long planned;      /* recipients */
	long long unplanned;    /* rows outside the plan; -1: not known */
	struct str approved_by; /* a person's name; absent: nobody */
	int64_t approved_at;    /* ms since 1970 */
};

/* Refusals concerned us, and not their recipients. */
struct ledger_decision_reopen {
	struct str relay;  /* host:port, as rows have it */
	uint64_t print;    /* rows refused or deferred in these words; or 0: */
	struct str domain; /* rows of this domain without a mailbox */
	int64_t since;     /* ms since 1970 */
	int64_t next_try;  /* 0: for --retry breaker only */
	int64_t now;
};

#endif
