/*
 * The batch files that bm-send is given: held to the mailing's plan before
 * anything is sent, and removed when nothing in them is left to do.
 */
#ifndef PORT_SEND_BATCH_FILES_H
#define PORT_SEND_BATCH_FILES_H

#include "base/fail.h"

struct batch_files;

/* The names stay the caller's. */
struct batch_files *batch_files_new(char **files, int count);
void batch_files_free(struct batch_files *);

/*
 * SYSTEM unless each file is named in the plan, by the last part of its path,
 * with the hash that it has. Standard input is in no plan.
 */
int batch_files_check(struct batch_files *, const char *plan, struct fail *);

/* Something in this file, or in any, is left to do. NULL: in any. */
void batch_files_keep(struct batch_files *, const char *file);

/* Remove the files that are not kept, and sync their folders. SYSTEM. */
int batch_files_remove(struct batch_files *, struct fail *);

#endif
