/*
 * One import at a time: what one has compared with the roster must not be
 * changed by another before it is written. Senders do not wait for it.
 */
#ifndef PORT_ROSTER_IMPORT_TURN_H
#define PORT_ROSTER_IMPORT_TURN_H

#include "base/fail.h"
#include "base/waiting.h"
#include "port/db/db.h"

/*
 * Wait for the turn, at most ten minutes; a long wait is told. Returns a
 * descriptor, and close(2) ends the turn; or -1 with TEMP or SYSTEM.
 */
int import_turn_take(
    const struct db *, waiting_fn *, const char *program, struct fail *);

#endif
