/*
 * Stops: a relay that refused us (login, sender, policy) is not asked again
 * by anybody until a person has looked and bm-send --check went well; one
 * whose quota is used up, or that refused everybody alike, until its time has
 * come.
 */
#ifndef PORT_RELAY_RELAY_STOPS_H
#define PORT_RELAY_RELAY_STOPS_H

#include <stdint.h>

#include "base/fail.h"
#include "mail/record/outcome.h"
#include "port/db/db.h"

/*
 * 1 with SYSTEM that tells when and why this account was stopped; -1 with
 * TEMP when it is stopped until some time after now; 0: it is not.
 */
int relay_stops_check(struct db *, const char *relay, const char *account,
    int64_t now, struct fail *);

/*
 * Each a transaction of its own. An account that is not set is "". The
 * outcome's class and reply say why, its next_try (0: none) until when.
 */
int relay_stops_put(struct db *, const char *relay, const char *account,
    const struct outcome *why, int64_t at, struct fail *);
int relay_stops_clear(struct db *, const char *relay, const char *account,
    const char *class, struct fail *); /* NULL: whatever its class */

#endif
