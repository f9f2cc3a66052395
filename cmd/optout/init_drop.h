/*
 * The drop folder of a user who writes opt-outs and has no other right.
 */
#ifndef CMD_OPTOUT_INIT_DROP_H
#define CMD_OPTOUT_INIT_DROP_H

#include "base/fail.h"

/*
 * Makes DB-drop/USER, unless it is there: of the user and the database's group,
 * mode 02770. SYSTEM: an unknown user, or one that cannot get to the folder;
 * without root, another user than the caller.
 */
int init_drop_make(const char *db_path, const char *user, struct fail *);

#endif
