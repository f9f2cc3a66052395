/*
 * The ends of a text that people do not see.
 */
#ifndef BASE_TRIM_H
#define BASE_TRIM_H

#include "base/str.h"

/*
 * Remove blanks of any width, tabs, line ends and invisible characters (those
 * of utf8_is_invisible(), ZWNJ and ZWJ) at both ends of a valid UTF-8 text.
 */
struct str trim_text(struct str);

#endif
