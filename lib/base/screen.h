/*
 * What the terminal of a person can do.
 */
#ifndef BASE_SCREEN_H
#define BASE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

/* True if fd is a terminal that knows escape sequences: TERM is not dumb. */
bool screen_has_escapes(int fd);

/* COLUMNS, else the terminal's columns, else 80; never below 20. */
size_t screen_width(int fd);

/* ASCII only, by LC_ALL, LC_CTYPE and LANG. */
bool screen_is_ascii(void);

#endif
