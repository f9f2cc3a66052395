/*
 * The syntax of a settings file (bm.conf.5): NAME=value lines, comments that
 * start with #, empty lines; a value may stand in double quotes, and there a
 * backslash makes the next byte literal.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "base/buf.h"
#include "base/fail.h"

/* origin is "FILE:LINE"; all is valid during the call only. */
typedef int conf_fn(void *ctx, struct str name, struct str value,
    const char *origin, struct fail *);

/* Visit each setting of a file's text. SYSTEM, naming file and line. */
int conf_parse(
    struct str text, const char *path, conf_fn *, void *ctx, struct fail *);

/* Append a value as a file needs it: in quotes where it must be. */
void conf_put_value(struct buf *, const char *value);

#endif
