/*
 * Reopening: rows whose refusal concerned us and not the recipient become
 * deferred again, with the class breaker.
 */
#ifndef PORT_LEDGER_REOPEN_H
#define PORT_LEDGER_REOPEN_H

#include <stdint.h>

#include "base/fail.h"
#include "port/db/db.h"

struct reopen {
	struct str relay;  /* host:port, as rows have it */
	uint64_t print;    /* rows refused or deferred in these words; or 0: */
	struct str domain; /* rows of this domain without a mailbox */
	int64_t since;     /* ms since 1970 */
	int64_t next_try;  /* 0: for --retry breaker only */
	int64_t now;
};

/*
 * In a write transaction: the number of rows that had failed, or -1. Rows that
 * a living process owns are left to it.
 */
long long reopen_rows(struct db *, const struct reopen *, struct fail *);

#endif
