/* Folders of our own files. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

/*
 * Make a folder and those above it unless they are there, for the owner alone,
 * and durable. SYSTEM.
 */
int folder_make(const char *path, struct fail *);

/*
 * Append the folder of our own state: $XDG_STATE_HOME/bm, else
 * ~/.local/state/bm. A path that is not absolute counts as none (XDG Base
 * Directory). False if neither XDG_STATE_HOME nor HOME is set.
 */
bool folder_state(struct buf *);

#endif
