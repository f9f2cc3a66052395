/*
 * Erasing a person's data on request.
 */
#ifndef PORT_LEDGER_SQLITE_FORGET_H
#define PORT_LEDGER_SQLITE_FORGET_H

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"
#include "port/ledger/recovery_notes.h"

struct forget_counts {
	long long users, deliveries, optouts;
};

/*
 * Erases the data of an address: its users with their enrolments and roles;
 * address, user id and replies in the ledger, after journals of dead senders
 * are folded; reasons in the register. Ledger and register get the hidden key
 * (hidden_key.h), so that opt-outs stay in force and a mailing is not sent
 * twice; deferred messages are cancelled. Free space of the file is
 * overwritten. TEMP when a message to the person is under way, or when a
 * reader keeps old pages in the write-ahead log; SYSTEM. The notes (or NULL)
 * are told of damage to journals.
 */
int forget_person(struct db *, struct str key, const struct recovery_notes *,
    struct forget_counts *, struct fail *);

#endif
