/*
 * Which options go together: the rules of a table of options, held against a
 * command line and told by --help.
 */
#ifndef BASE_OPTION_RULES_H
#define BASE_OPTION_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/option.h"

/*
 * A rule names options with blanks between; FILE stands for the operands. The
 * options that every program has go with all.
 */
enum option_rule_kind {
	OPTION_RULE_END,
	OPTION_RULE_APART, /* of the names one; or no name with one of others */
	OPTION_RULE_NEEDS, /* a name only with one of others */
	OPTION_RULE_ALONE, /* a name with nothing but others */
	OPTION_RULE_ALONE_WITHOUT_FILE, /* the same when there is no operand */
};

struct option_rule {
	enum option_rule_kind kind;
	const char *names, *others; /* others may be NULL */
};

/* A command line. */
struct option_rules {
	const struct option_rule *rules; /* end with a {0}; may be NULL */
	const struct option_spec *specs; /* count of them, without the common */
	size_t count;
	const char *const *given; /* for each spec: NULL if it is not given */
	const char *operand;      /* the first one, or NULL */
};

/* True for an option that does a thing of its own: it may be given once. */
bool option_rules_is_action(const struct option_rule *, const char *name);

/* SYSTEM for the first rule that is broken; the text names both options. */
int option_rules_check(const struct option_rules *, struct fail *);

/*
 * Append what the rules say of this option, as "; not with --json", "; needs
 * --query" or "; with nothing else but --db".
 */
void option_rules_put(
    struct buf *, const struct option_rule *rules, const char *name);

/* Is the name one of the names with blanks between? These may be NULL. */
bool option_rules_has(const char *names, const char *name);

#endif
