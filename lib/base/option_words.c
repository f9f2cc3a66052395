#include "base/option_words.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/option_rules.h"

static void
add_option(struct process_words *w, const struct option_spec *spec)
{
	const struct option_list *list = spec->value;
	const char *text;
	long long n;

	switch (spec->type) {
	case OPTION_TYPE_FLAG:
		if (*(const bool *)spec->value)
			process_addf(w, "--%s", spec->name);
		break;
	case OPTION_TYPE_STRING:
		text = *(const char **)spec->value;
		if (text != NULL)
			process_addf(w, "--%s=%s", spec->name, text);
		break;
	case OPTION_TYPE_LIST:
		for (size_t i = 0; i < list->count; i++)
			process_addf(w, "--%s=%s", spec->name, list->items[i]);
		break;
	case OPTION_TYPE_NUMBER:
		n = *(const long long *)spec->value;
		if (n >= spec->min)
			process_addf(w, "--%s=%lld", spec->name, n);
		break;
	case OPTION_TYPE_DURATION:
	case OPTION_TYPE_SIZE:
		n = *(const int64_t *)spec->value;
		if (n >= 0)
			process_addf(w, "--%s=%lld%s", spec->name, n,
			    spec->type == OPTION_TYPE_SIZE ? "B" : "ms");
		break;
	}
}

void
option_words_add(
    struct process_words *w, const struct option_spec *specs, const char *names)
{
	for (; specs->name != NULL; specs++) {
		if (option_rules_has(names, specs->name))
			add_option(w, specs);
	}
}
