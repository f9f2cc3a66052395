/*
 * The text of --help: synopsis, purpose, and the options in two columns, 80
 * characters wide together.
 */
#ifndef BASE_USAGE_H
#define BASE_USAGE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/option.h"

struct usage {
	const char *program;
	const char *synopsis; /* behind the program's name, one line a form */
	const char *purpose;  /* one sentence */
	const struct option_spec *specs;
	size_t count;
};

/* Append the text. */
void usage_put(struct buf *, const struct usage *);

#endif
