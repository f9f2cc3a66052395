/*
 * The people who are left out for bounces, as a run knows them: read whole when
 * the register has changed, and person by person while it changes so often that
 * this would take too much of the run's time.
 */
#ifndef PORT_BOUNCE_SUPPRESSED_H
#define PORT_BOUNCE_SUPPRESSED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

struct bounce_register;
struct suppressed;

/* Nothing is read yet. */
struct suppressed *suppressed_new(struct bounce_register *);
void suppressed_free(struct suppressed *);

/*
 * Whether the person is left out. changes: a number that changes with the
 * register, 0 if that has always been empty (struct ledger_look). SYSTEM, TEMP.
 */
int suppressed_check(struct suppressed *, int64_t changes, struct str key,
    bool *out, struct fail *);

#endif
