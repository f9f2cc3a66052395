/*
 * A place for output that must be complete before any of it is shown: memory
 * first, then a nameless file in TMPDIR (or /var/tmp).
 */
#ifndef PORT_ROSTER_SPILL_H
#define PORT_ROSTER_SPILL_H

#include "base/fail.h"
#include "base/str.h"

struct spill;

struct spill *spill_new(void);
void spill_free(struct spill *);

/* SYSTEM when the file cannot be made or written. */
int spill_add(struct spill *, struct str, struct fail *);

/*
 * After the last spill_add(): the next piece, in order. 1 with a piece,
 * borrowed until the next call; 0 at the end; -1 with SYSTEM.
 */
int spill_next(struct spill *, struct str *piece, struct fail *);

#endif
