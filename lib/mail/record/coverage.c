#include "mail/record/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct coverage {
	struct str keys;
	struct str rest; /* the keys not yet compared */
	size_t line;     /* index of the first of them */
	bool *seen;      /* by index: added at least once */
	long long unplanned;
};

struct coverage *
coverage_new(struct str keys)
{
	struct coverage *c = mem_new(sizeof(*c));
	struct str rest = keys, key;
	size_t count = 0;

	while (str_line(&rest, &key))
		count++;
	c->keys = c->rest = keys;
	c->seen = mem_new(count * sizeof(*c->seen));
	return c;
}

void
coverage_free(struct coverage *c)
{
	if (c == NULL)
		return;
	free(c->seen);
	free(c);
}

void
coverage_add(struct coverage *c, struct str key)
{
	struct str rest = c->rest, planned;

	while (str_line(&rest, &planned)) {
		int order = str_order(planned, key);

		if (order > 0)
			break;
		c->rest = rest;
		c->line++;
		if (order < 0)
			continue;
		c->unplanned += c->seen[c->line - 1];
		c->seen[c->line - 1] = true;
		return;
	}
	c->unplanned++;
}

void
coverage_rewind(struct coverage *c)
{
	c->rest = c->keys;
	c->line = 0;
}

long long
coverage_missing(const struct coverage *c, struct str *first)
{
	struct str rest = c->keys, key;
	long long missing = 0;

	*first = (struct str){0};
	for (size_t i = 0; str_line(&rest, &key); i++) {
		if (!c->seen[i] && missing++ == 0)
			*first = key;
	}
	return missing;
}

long long
coverage_unplanned(const struct coverage *c)
{
	return c->unplanned;
}
