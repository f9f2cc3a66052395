/*
 * Output that must be complete before any of it is shown: kept in memory, and
 * beyond 1 MiB in a nameless file in TMPDIR (or /var/tmp).
 */
#ifndef PORT_ROSTER_SPILL_H
#define PORT_ROSTER_SPILL_H

#include "base/fail.h"
#include "base/str.h"

struct spill;

struct spill *spill_open(void);
void spill_close(struct spill *);

/* SYSTEM if the file cannot be made or written. */
int spill_add(struct spill *, struct str, struct fail *);

/*
 * After the last spill_add(): 1 with the next piece, borrowed until the next
 * call; 0 at the end; -1 with SYSTEM.
 */
int spill_next(struct spill *, struct str *piece, struct fail *);

#endif
