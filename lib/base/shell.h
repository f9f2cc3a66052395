/* Words as a POSIX shell reads them. */
#ifndef BASE_SHELL_H
#define BASE_SHELL_H

#include "base/buf.h"

/* Append a word, in single quotes where it needs them. */
void shell_put(struct buf *, const char *word);

#endif
