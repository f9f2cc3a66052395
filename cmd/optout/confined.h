/*
 * The room of the subcommands that read what strangers write.
 */
#ifndef CMD_OPTOUT_CONFINED_H
#define CMD_OPTOUT_CONFINED_H

#include "base/options.h"

/*
 * Confines the process (confine.h) to the key file, a folder of templates (or
 * NULL), and the drop folder, or without one the database, with what lies
 * beside it. SYSTEM.
 */
int confined_enter(const struct options *, const char *pages, struct fail *);

#endif
