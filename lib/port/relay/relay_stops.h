/*
 * Stops, which all processes obey: a relay that refused our login, sender or
 * policy is left alone until an operator has run bm-send --check with success;
 * a relay with a used-up quota, or one that refused all recipients alike, until
 * the time of the stop has passed.
 */
#ifndef PORT_RELAY_RELAY_STOPS_H
#define PORT_RELAY_RELAY_STOPS_H

#include <stdint.h>

#include "base/fail.h"
#include "mail/record/outcome.h"
#include "port/db/db.h"

/*
 * 1 and SYSTEM: the account is stopped, the text says when and why. -1 and
 * TEMP: it is stopped until a time after now (ms since 1970). 0: no stop.
 * The account is the login name, or "".
 */
int relay_stops_check(struct db *, const char *relay, const char *account,
    int64_t now, struct fail *);

/*
 * Put a stop in a transaction of its own. The outcome's class and reply give
 * the reason, its next_try the end of the stop (0: none).
 */
int relay_stops_put(struct db *, const char *relay, const char *account,
    const struct outcome *why, int64_t at, struct fail *);

/* Remove the stop in a transaction, if it has this class (NULL: any). */
int relay_stops_clear(struct db *, const char *relay, const char *account,
    const char *class, struct fail *);

#endif
