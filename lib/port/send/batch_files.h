/*
 * The batch files that bm-send is given: held to the mailing's plan before
 * anything is sent, and removed when nothing in them is left to do.
 */
#ifndef PORT_BATCHES_H
#define PORT_BATCHES_H

#include "base/fail.h"

struct batches;

/* The names stay the caller's. */
struct batches *batches_new(char **files, int count);
void batches_free(struct batches *);

/*
 * SYSTEM unless each file is named in the plan, by the last part of its path,
 * with the hash that it has. Standard input is in no plan.
 */
int batches_check(struct batches *, const char *plan, struct fail *);

/* Something in this file, or in any, is left to do. NULL: in any. */
void batches_keep(struct batches *, const char *file);

/* Remove the files that are not kept, and sync their folders. SYSTEM. */
int batches_remove(struct batches *, struct fail *);

#endif
