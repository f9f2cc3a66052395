#include "mail/record/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct coverage {
	struct str keys;
	struct str rest; /* of the keys, from the one that is next */
	size_t line;     /* its number */
	bool *seen;      /* by number */
	long long unplanned;
};

static struct str
next_key(struct str *rest)
{
	return str_take(rest, STR("\n"));
}

struct coverage *
coverage_new(struct str keys)
{
	struct coverage *c = mem_new(sizeof(*c));
	size_t count = 0;

	for (struct str rest = keys; rest.n > 0; count++)
		next_key(&rest);
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
	while (c->rest.n > 0) {
		struct str rest = c->rest;
		int order = str_order(next_key(&rest), key);

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
	struct str rest = c->keys;
	long long missing = 0;

	*first = (struct str){0};
	for (size_t i = 0; rest.n > 0; i++) {
		struct str key = next_key(&rest);

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
