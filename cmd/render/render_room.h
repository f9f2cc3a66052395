/*
 * The files of a mailing are all that bm-render opens.
 */
#ifndef CMD_RENDER_RENDER_ROOM_H
#define CMD_RENDER_RENDER_ROOM_H

#include "base/fail.h"
#include "render/render.h"

/*
 * Confines the process (confine.h) to the files of the mailing, whose paths
 * stand in render->paths. What the settings name has been read. SYSTEM.
 */
int render_room_enter(struct render *, struct fail *);

#endif
