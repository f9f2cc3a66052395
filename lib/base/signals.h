/*
 * The signals that end a program, read from a descriptor.
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <stdbool.h>

#include "base/fail.h"

/*
 * Block INT, TERM, HUP and QUIT, but for those that are ignored, and return the
 * descriptor from which they are read; it does not block. SYSTEM.
 */
int signals_open(struct fail *);

/* Read all that have come; true if there was one. */
bool signals_read(int fd);

#endif
