/* Folders of our own files. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/fail.h"

/*
 * Make a folder and those above it unless they are there, for the owner alone,
 * and durable. SYSTEM.
 */
int folder_make(const char *path, struct fail *);

#endif
