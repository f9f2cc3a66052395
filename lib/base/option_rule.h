/*
 * Which options of a program exclude each other.
 */
#ifndef BASE_OPTION_RULE_H
#define BASE_OPTION_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/option.h"

/* Lists of names have spaces between; the options of every program, such as
 * --config, are never excluded. */
struct option_rule {
	const char *name;     /* of the option that the rule is about */
	const char *only;     /* of an action: what may stand beside it; NULL */
	const char *never;    /* options that may not; NULL: none */
	bool without_operand; /* no operand may stand beside it */
};

/* True for an option that does a thing of its own: it may be given once. */
bool option_rule_is_action(const struct option_rule *, const char *name);

/*
 * given[i] is not NULL if the option specs[i] was given; rules end with a NULL
 * name. SYSTEM, with both names, if two options exclude each other.
 */
int option_rule_check(const struct option_rule *,
    const struct option_spec *specs, const char *const *given,
    char *const *operands, int operand_count, struct fail *);

#endif
