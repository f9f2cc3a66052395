/*
 * The batch files among bm-send's operands: compared with the mailing's plan
 * before the first message, and removed when all their records are done.
 */
#ifndef PORT_SEND_BATCH_FILES_H
#define PORT_SEND_BATCH_FILES_H

#include "base/fail.h"

struct batch_files;

/* files: the operands, borrowed. */
struct batch_files *batch_files_new(char **files, int count);
void batch_files_free(struct batch_files *);

/*
 * SYSTEM unless the plan has each file, by the last part of its path, with its
 * SHA-256. Standard input is never in a plan.
 */
int batch_files_check(struct batch_files *, const char *plan, struct fail *);

/* Some record of this file is not done. NULL: this may be any file. */
void batch_files_keep(struct batch_files *, const char *file);

/* Remove all other files and sync their folders. SYSTEM. */
int batch_files_remove(struct batch_files *, struct fail *);

#endif
