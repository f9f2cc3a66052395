/*
 * The text of --help: synopsis, purpose, and the options in two columns, 80
 * characters wide together.
 */
#ifndef BASE_USAGE_H
#define BASE_USAGE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/options.h"

/* Append the text; specs are the program's options and the common ones. */
void usage_put(struct buf *, const struct options *,
    const struct option_spec *specs, size_t count);

#endif
