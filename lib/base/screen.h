/*
 * What the terminal of a person can do.
 */
#ifndef BASE_SCREEN_H
#define BASE_SCREEN_H

#include <stdbool.h>

/* True if fd is a terminal that knows escape sequences: TERM is not dumb. */
bool screen_has_escapes(int fd);

#endif
