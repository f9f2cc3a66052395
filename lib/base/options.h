/*
 * The command line, declared as one table a program. The usage line, --help,
 * the lookup of settings and the checks of values all come from the table.
 * Every program also has --help, --version, --config FILE, --print-config and
 * --verbose.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/option.h"
#include "base/option_rules.h"
#include "base/settings.h"

struct options {
	const char *program;
	const char *synopsis; /* behind the program's name, one line a form */
	const char *purpose;  /* one sentence */
	const struct option_spec *specs; /* ends with a NULL name */
	const char *required; /* names of options that must be given, or NULL */
	const struct option_rule *rules; /* end with a {0}; may be NULL */
	int operands_min, operands_max;  /* max -1 means any number */
	/* Appends the linked libraries' versions for --version; may be NULL. */
	void (*versions)(struct buf *);

	/* Results. */
	struct settings *settings; /* free with options_free() */
	char **operands;           /* borrowed from argv */
	int operand_count;
	const char *config; /* of --config, borrowed from argv; or NULL */
	bool verbose;
};

enum options_result { OPTIONS_ERROR = -1, OPTIONS_RUN, OPTIONS_TEXT };

/*
 * OPTIONS_TEXT: *text is for stdout and the program ends with status 0.
 * OPTIONS_ERROR: SYSTEM; the text names the option and ends with the usage's
 * first line. Settings named in the table are checked as the options are.
 */
enum options_result options_parse(
    struct options *, int argc, char **argv, struct buf *text, struct fail *);
void options_free(struct options *);

#endif
