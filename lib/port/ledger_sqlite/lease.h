/*
 * The end of an owner: its rows become what lease_judge() says, and name no
 * owner any more.
 */
#ifndef PORT_LEDGER_SQLITE_LEASE_H
#define PORT_LEDGER_SQLITE_LEASE_H

#include "base/fail.h"
#include "mail/ledger/lease_judge.h"
#include "port/db/db.h"

struct lease;

int lease_open(struct lease **, struct db *, struct fail *);
void lease_close(struct lease *);

/* Rows of the owner's that are in doubt now, and those that have changed. */
struct lease_ended {
	int64_t in_doubt, changes;
};

/* In the caller's transaction, when all facts are in the rows. */
int lease_end(struct lease *, const char *owner, enum lease_judge_facts,
    struct lease_ended *, struct fail *);

#endif
