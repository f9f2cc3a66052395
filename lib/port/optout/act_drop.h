/*
 * Writing acts of links into a drop folder, of which the writer's user has
 * nothing else of ours.
 */
#ifndef PORT_OPTOUT_ACT_DROP_H
#define PORT_OPTOUT_ACT_DROP_H

#include "mail/optout/act.h"

/*
 * Writes the act of the token into the folder: on return it is on the disk,
 * complete, behind all acts that wait there. SYSTEM, and nothing is claimed.
 */
int act_drop_write(const char *folder, const struct token_keys *,
    const struct token *, const struct act *, struct fail *);

#endif
