/*
 * The command line, declared as one table a program. usage, --help, the
 * lookup of settings and the checks of values all come from the table.
 * --help, --version, --config FILE, --print-config and --verbose are in every
 * table by themselves.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/settings.h"

enum option_type {
	OPTION_TYPE_FLAG,   /* bool: true when given */
	OPTION_TYPE_STRING, /* const char *: borrowed from argv or the settings
			     */
	OPTION_TYPE_LIST,   /* struct option_list: repeatable; no setting */
	OPTION_TYPE_NUMBER, /* long long within min..max */
	OPTION_TYPE_DURATION, /* int64_t, milliseconds */
	OPTION_TYPE_SIZE,     /* int64_t, bytes */
};

struct option_list {
	const char **items;
	size_t count;
};

struct option_spec {
	const char *name; /* long name, without the dashes */
	char letter;      /* 0 when there is none */
	enum option_type type;
	void *value;          /* where it goes; its default is there already */
	const char *argument; /* "FILE"; NULL for a flag */
	const char *setting;  /* the setting that it overrides, or NULL */
	long long min, max; /* OPTION_TYPE_NUMBER; max 0 means no upper bound */
	const char *help;   /* one line */
};

/*
 * The rows of a table. value points to the type's variable, which holds the
 * default; setting is the setting that the option overrides, or NULL.
 */
#define OPTION_FLAG(name, letter, value, help)                                \
	{                                                                     \
		name, letter, OPTION_TYPE_FLAG, value, NULL, NULL, 0, 0, help \
	}
#define OPTION_TEXT(name, letter, value, argument, setting, help)              \
	{                                                                      \
		name, letter, OPTION_TYPE_STRING, value, argument, setting, 0, \
		    0, help                                                    \
	}
#define OPTION_LIST(name, letter, value, argument, help)                     \
	{                                                                    \
		name, letter, OPTION_TYPE_LIST, value, argument, NULL, 0, 0, \
		    help                                                     \
	}
#define OPTION_NUMBER(name, letter, value, argument, setting, min, max, help) \
	{                                                                     \
		name, letter, OPTION_TYPE_NUMBER, value, argument, setting,   \
		    min, max, help                                            \
	}
#define OPTION_DURATION(name, letter, value, argument, setting, help)         \
	{                                                                     \
		name, letter, OPTION_TYPE_DURATION, value, argument, setting, \
		    0, 0, help                                                \
	}
#define OPTION_SIZE(name, letter, value, argument, setting, help)            \
	{                                                                    \
		name, letter, OPTION_TYPE_SIZE, value, argument, setting, 0, \
		    0, help                                                  \
	}

struct options {
	const char *program;
	const char *synopsis; /* behind the program's name, one line a form */
	const char *purpose;  /* one sentence */
	const struct option_spec *specs; /* ends with a NULL name */
	const char *required; /* names of options that must be given, or NULL */
	int operands_min, operands_max; /* max -1 means any number */
	/* Appends the linked libraries' versions for --version; may be NULL. */
	void (*versions)(struct buf *);

	/* Results. */
	struct settings *settings; /* free with options_free() */
	char **operands;           /* borrowed from argv */
	int operand_count;
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
