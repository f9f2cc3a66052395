/*
 * A place for output that must be complete before any of it is shown: memory
 * first, then a nameless file in TMPDIR (or /var/tmp).
 */
#ifndef PORT_SCRATCH_H
#define PORT_SCRATCH_H

#include "base/buf.h"
#include "base/fail.h"

struct scratch;

struct scratch *scratch_new(void);
void scratch_free(struct scratch *);

/* SYSTEM when the file cannot be made or written. */
int scratch_add(struct scratch *, struct str, struct fail *);

/*
 * After the last scratch_add(): the next piece, in order. 1 with a piece,
 * borrowed until the next call; 0 at the end; -1 with SYSTEM.
 */
int scratch_next(struct scratch *, struct str *piece, struct fail *);

#endif
