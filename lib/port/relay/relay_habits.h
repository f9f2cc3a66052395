/*
 * What has been learned of a relay for a while: how far it can pipeline. A
 * store keeps it (store->memory).
 */
#ifndef PORT_RELAY_RELAY_HABITS_H
#define PORT_RELAY_RELAY_HABITS_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/smtp/pipelining.h"
#include "port/store/store.h"

#define RELAY_HABITS_DAYS 7

/* The account is the login name, or "". PIPELINING_FULL: nothing is known. */
int relay_habits_get(struct relay_memory *, struct str relay,
    struct str account, int64_t now, enum pipelining_use *, struct fail *);

/* Remember it for RELAY_HABITS_DAYS from now (ms since 1970). */
int relay_habits_put(struct relay_memory *, struct str relay,
    struct str account, int64_t now, enum pipelining_use, struct fail *);

#endif
