/*
 * The text of --help: synopsis, purpose, and the options in two columns, 80
 * characters wide together. Behind the help of an option stand, in parentheses,
 * its bounds, its default and the rules about it, and in brackets the setting
 * that it overrides. The manual has the same parentheses.
 */
#ifndef BASE_USAGE_H
#define BASE_USAGE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/option.h"
#include "base/option_rules.h"

/* The value of an option that is not given: that of its variable at first. */
struct usage_default {
	const char *text; /* OPTION_TYPE_STRING; NULL for none */
	long long number; /* NUMBER, DURATION, SIZE */
};

struct usage {
	const char *program;
	const char *synopsis; /* behind the program's name, one line a form */
	const char *purpose;  /* one sentence */
	const char
	    *required; /* names of options with blanks between, or NULL */
	const struct option_rule *rules; /* end with a {0}; may be NULL */
	const struct option_spec *specs;
	const struct usage_default *defaults; /* as many as specs */
	size_t count;
};

/*
 * What the variables of the options hold before the command line is read, one
 * for each; the caller frees them.
 */
struct usage_default *usage_defaults_new(
    const struct option_spec *, size_t count);

/* Append the text. */
void usage_put(struct buf *, const struct usage *);

#endif
