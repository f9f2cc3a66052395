/*
 * Erasing a person's data on request.
 */
#ifndef PORT_LEDGER_FORGET_H
#define PORT_LEDGER_FORGET_H

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"

struct forget_counts {
	long long users, deliveries, optouts;
};

/*
 * Erase what the database has of an address: users with their enrolments and
 * roles; the address, id and the relay's replies in the ledger, once dead
 * senders' journals are folded; reasons in the register. In ledger and
 * register the key is replaced by optouts_hide()'s: who was opted out stays
 * so, and nobody is mailed twice; what was to be tried again is cancelled. The
 * file's free space is overwritten. TEMP when a message to the person is under
 * way, or when a reader keeps old pages in the write-ahead log.
 */
int forget_person(
    struct db *, struct str key, struct forget_counts *, struct fail *);

#endif
