#include "mail/roster/roster_table.h"

#include <string.h>

#include "base/ascii.h"
#include "base/trim.h"

#define LOOKED_MAX 200 /* cells of a row that may be titles */

/* A cell as titles compare. */
struct title {
	struct str folded;
	const struct roster_synonym *synonym; /* or NULL */
};

static struct title
read_title(const struct roster_columns *c, struct str cell, struct arena *arena)
{
	struct title t;
	enum roster_surety surety;
	size_t rank;

	cell = trim_text(cell);
	t.folded = roster_synonyms_fold(cell, arena);
	t.synonym =
	    roster_synonyms_find(cell, t.folded, c->systems, &surety, &rank);
	return t;
}

/* Numbers may be titles of weeks, but are as well points of a person. */
static bool
has_letter(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return true;
	}
	return false;
}

static bool
has_at_sign(struct str s)
{
	return s.n > 0 && memchr(s.p, '@', s.n) != NULL;
}

/* Does each cell have the title of its column, or another word for it? */
static bool
repeats_header(const struct roster_columns *c, const struct str *fields,
    size_t count, struct arena *arena)
{
	for (size_t i = 0; i < count || i < c->count; i++) {
		struct str one = i < count ? trim_text(fields[i]) : STR("");
		struct str other = i < c->count ? c->titles[i] : STR("");
		struct title a, b;

		if (str_eq(one, other))
			continue;
		a = read_title(c, one, arena);
		b = read_title(c, other, arena);
		if (str_eq(a.folded, b.folded))
			continue;
		if (a.synonym == NULL || b.synonym == NULL ||
		    a.synonym->column != b.synonym->column)
			return false;
	}
	return true;
}

static bool
is_title_of(const struct roster_columns *c, const struct title *t,
    const struct str *folded)
{
	if (t->synonym != NULL)
		return true;
	for (size_t i = 0; i < c->count && i < LOOKED_MAX; i++) {
		if (str_eq(folded[i], t->folded))
			return true;
	}
	return false;
}

/* Are two cells different titles? */
static bool
has_titles(const struct roster_columns *c, const struct str *fields,
    size_t count, struct arena *arena)
{
	struct str *folded = arena_alloc(arena, c->count * sizeof(*folded));
	struct str first = {0};

	for (size_t i = 0; i < c->count && i < LOOKED_MAX; i++)
		folded[i] = roster_synonyms_fold(c->titles[i], arena);
	for (size_t i = 0; i < count && i < LOOKED_MAX; i++) {
		struct title t = read_title(c, fields[i], arena);

		if (!has_letter(t.folded) || !is_title_of(c, &t, folded))
			continue;
		if (first.p != NULL && !str_eq(first, t.folded))
			return true;
		first = t.folded;
	}
	return false;
}

enum roster_table_row
roster_table_judge(const struct roster_columns *c, const struct str *fields,
    size_t count, struct arena *arena)
{
	size_t at = (size_t)c->at[ROSTER_EMAIL], filled = 0;

	if (at < count && has_at_sign(fields[at]))
		return ROSTER_TABLE_ROW;
	for (size_t i = 0; i < count; i++) {
		if (has_at_sign(fields[i]))
			return ROSTER_TABLE_ROW;
		filled += trim_text(fields[i]).n > 0;
	}
	if (filled == 0)
		return ROSTER_TABLE_EMPTY;
	if (repeats_header(c, fields, count, arena))
		return ROSTER_TABLE_SAME;
	if (filled == 1)
		return ROSTER_TABLE_HEADING;
	return has_titles(c, fields, count, arena) ? ROSTER_TABLE_TITLES
						   : ROSTER_TABLE_ROW;
}

int
roster_table_emails(const struct roster_columns *c, const struct str *titles,
    size_t count, struct arena *arena)
{
	for (size_t i = 0; i < count; i++) {
		struct title t = read_title(c, titles[i], arena);

		if (t.synonym != NULL && t.synonym->column == ROSTER_EMAIL)
			return (int)i;
	}
	return -1;
}
