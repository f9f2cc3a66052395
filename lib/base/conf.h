/*
 * The syntax of a settings file (bm.conf.5): lines of NAME=value, comments
 * that start with #, empty lines. In a value in double quotes, a backslash
 * makes the next byte literal.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "base/buf.h"
#include "base/fail.h"

/* The origin is "FILE:LINE"; everything is valid during the call only. */
typedef int conf_fn(void *ctx, struct str name, struct str value,
    const char *origin, struct fail *);

/*
 * Call a function for each setting of a file's text. -1 for a line of another
 * form or if the function fails; the failure names file and line. SYSTEM.
 */
int conf_parse(
    struct str text, const char *path, conf_fn *, void *ctx, struct fail *);

/* Append a value as a settings file writes it, quoted if necessary. */
void conf_put_value(struct buf *, const char *value);

#endif
