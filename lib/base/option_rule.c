#include "base/option_rule.h"

#include <string.h>

#include "base/str.h"

static bool
names_option(const char *list, const char *name)
{
	while (list != NULL && *list != '\0') {
		size_t n = strcspn(list, " ");

		if (str_is((struct str){list, n}, name))
			return true;
		list += n + strspn(list + n, " ");
	}
	return false;
}

static bool
forbids_option(const struct option_rule *rule, const char *name)
{
	if (strcmp(rule->name, name) == 0)
		return false;
	return names_option(rule->never, name) ||
	       (rule->only != NULL && !names_option(rule->only, name));
}

static bool
is_given(
    const struct option_spec *specs, const char *const *given, const char *name)
{
	for (size_t i = 0; specs[i].name != NULL; i++) {
		if (given[i] != NULL && strcmp(specs[i].name, name) == 0)
			return true;
	}
	return false;
}

bool
option_rule_is_action(const struct option_rule *rule, const char *name)
{
	for (; rule != NULL && rule->name != NULL; rule++) {
		if (strcmp(rule->name, name) == 0)
			return rule->only != NULL;
	}
	return false;
}

int
option_rule_check(const struct option_rule *rule,
    const struct option_spec *specs, const char *const *given,
    char *const *operands, int operand_count, struct fail *f)
{
	for (; rule->name != NULL; rule++) {
		if (!is_given(specs, given, rule->name))
			continue;
		for (size_t i = 0; specs[i].name != NULL; i++) {
			if (given[i] != NULL &&
			    forbids_option(rule, specs[i].name))
				return fail_system(f,
				    "--%s and --%s exclude each other",
				    rule->name, specs[i].name);
		}
		if (rule->without_operand && operand_count > 0)
			return fail_system(f, "--%s takes no operand '%s'",
			    rule->name, operands[0]);
	}
	return 0;
}
