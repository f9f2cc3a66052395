/*
 * Taking over the opt-outs that wait beside a database, before the register is
 * used.
 */
#ifndef PORT_OPEN_TAKE_OVER_H
#define PORT_OPEN_TAKE_OVER_H

#include "base/fail.h"
#include "base/waiting.h"
#include "port/optout/act_take.h"

/*
 * Takes over all that waits; the database is opened only if something does, and
 * the wait is for its locks. SYSTEM, TEMP.
 */
int take_over_all(struct act_take *, const char *db_path, struct waiting,
    struct act_take_counts *, struct fail *);

/* The same once, for a program that begins; key_file may be NULL. */
int take_over_once(
    const char *db_path, const char *key_file, struct waiting, struct fail *);

#endif
