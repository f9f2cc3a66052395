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
 * True if the folder that holds the path is setgid: its group shares the files
 * there, whatever the umask.
 */
bool folder_shared(const char *path);

/*
 * Append the folder of our own state: $XDG_STATE_HOME/bm, else
 * ~/.local/state/bm. A path that is not absolute counts as none (XDG Base
 * Directory). False if neither XDG_STATE_HOME nor HOME is set.
 */
bool folder_state(struct buf *);

#endif
