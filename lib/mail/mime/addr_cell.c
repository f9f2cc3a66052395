#include "mail/mime/addr_cell.h"

#include <string.h>

#include "base/trim.h"

/* Remove one character at each end. */
static struct str
strip_pair(struct str s, char open, char close)
{
	if (s.n < 2 || s.p[0] != open || s.p[s.n - 1] != close)
		return s;
	return trim_text((struct str){s.p + 1, s.n - 2});
}

static struct str
strip_guard(struct str s)
{
	if (s.n < 3 || s.p[0] != '=' || s.p[1] != '"')
		return s;
	return strip_pair((struct str){s.p + 1, s.n - 1}, '"', '"');
}

static struct str
strip_scheme(struct str s)
{
	const char *query;

	if (s.n < 7 || !str_is_nocase((struct str){s.p, 7}, "mailto:"))
		return s;
	s.p += 7;
	s.n -= 7;
	query = memchr(s.p, '?', s.n);
	if (query != NULL)
		s.n = (size_t)(query - s.p);
	return trim_text(s);
}

static bool
parts_addresses(char c)
{
	return c == ',' || c == ';' || c == ' ' || c == '\t' || c == '\n' ||
	       c == '\r' || c == '|' || c == '/' || c == '>';
}

/* More than one piece with an at sign inside? */
static bool
has_several(struct str s)
{
	size_t start = 0, found = 0;

	for (size_t i = 0; i <= s.n; i++) {
		const char *at;

		if (i < s.n && !parts_addresses(s.p[i]))
			continue;
		at = i > start ? memchr(s.p + start, '@', i - start) : NULL;
		if (at != NULL && at > s.p + start && at + 1 < s.p + i)
			found++;
		start = i + 1;
	}
	return found > 1;
}

/* "Name <address>": false without brackets. */
static bool
split_name(struct str s, struct addr_cell *cell)
{
	const char *open;
	struct str name;

	if (s.n == 0 || s.p[s.n - 1] != '>')
		return false;
	open = memrchr(s.p, '<', s.n);
	if (open == NULL)
		return false;
	name = trim_text((struct str){s.p, (size_t)(open - s.p)});
	name = strip_pair(strip_pair(name, '"', '"'), '\'', '\'');
	cell->address = strip_scheme(
	    trim_text((struct str){open + 1, s.n - (size_t)(open - s.p) - 2}));
	if (name.n > 0)
		cell->name = name;
	return true;
}

int
addr_cell_read(struct addr_cell *cell, struct str text, struct arena *arena,
    struct fail *f)
{
	struct str s = strip_scheme(strip_guard(trim_text(text)));

	*cell = (struct addr_cell){0};
	if (s.n == 0)
		return 0;
	if (!split_name(s, cell))
		cell->address = strip_pair(s, '\'', '\'');
	/* Some clients write the address as its own name. */
	if (cell->name.p != NULL && str_eq(cell->name, cell->address))
		cell->name = (struct str){0};
	else if (memchr(text.p, '@', text.n) != NULL && has_several(s))
		return fail_data(f, "the cell has several addresses: each "
				    "person needs a row");
	cell->guarded = cell->address.n > 0 && cell->address.p[0] == '\'';
	cell->address = arena_str(arena, cell->address);
	return 0;
}
