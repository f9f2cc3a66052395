/*
 * Stops: a relay that refused us (login, sender, policy) is not asked again
 * by anybody until a person has looked and bm-send --check went well.
 */
#ifndef PORT_STOPS_H
#define PORT_STOPS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"
#include "port/db.h"

/* 1 with SYSTEM that tells when and why this account was stopped; 0; -1. */
int stops_check(
    struct db *, const char *relay, const char *account, struct fail *);

/* Each a transaction of its own. An account that is not set is "". */
int stops_put(struct db *, const char *relay, const char *account,
    const char *class, struct str reply, int64_t at, struct fail *);
int stops_clear(
    struct db *, const char *relay, const char *account, struct fail *);

#endif
