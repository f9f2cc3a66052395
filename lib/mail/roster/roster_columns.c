#include "mail/roster/roster_columns.h"

#include <stdbool.h>
#include <strings.h>

#include "base/utf8.h"
#include "mail/roster/roster_text.h"

struct alias {
	const char *name;
	enum roster_column column;
};

static const struct alias aliases[] = {
    {"id", ROSTER_ID},
    {"user_id", ROSTER_ID},
    {"username", ROSTER_USERNAME},
    {"email", ROSTER_EMAIL},
    {"name", ROSTER_NAME},
    {"full_name", ROSTER_NAME},
    {"is_active", ROSTER_ACTIVE},
    {"last_login", ROSTER_LOGIN},
    {"enrollment_is_active", ROSTER_ENROLLED},
    {"enrollment_mode", ROSTER_MODE},
    {"mode", ROSTER_MODE},
    {"cohort", ROSTER_COHORT},
    {"role", ROSTER_ROLE},
    {"course_id", ROSTER_COURSE},
};

/* Members of recipient records that a merge field must not replace. */
static const char *const reserved[] = {
    "course_title",
    "course_url",
    "course_image_url",
    "why",
    "opted_out",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int
find_column(struct str name)
{
	size_t i;

	for (i = 0; i < COUNT(aliases); i++) {
		if (str_is_nocase(name, aliases[i].name))
			return (int)aliases[i].column;
	}
	return -1;
}

/* In records "language" is the course's, in a roster the person's. */
static struct str
merge_name(struct str name)
{
	return str_is_nocase(name, "language") ? STR("user_language") : name;
}

static bool
is_same_name(struct str a, struct str b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static int
check_name(const struct str *header, size_t i, struct fail *f)
{
	struct str name = str_trim(header[i]);
	size_t j;

	for (j = 0; j < COUNT(reserved); j++) {
		if (str_is_nocase(name, reserved[j]))
			return fail_data(f,
			    "column %zu has the reserved name \"%s\"", i + 1,
			    reserved[j]);
	}
	for (j = 0; j < i && name.n > 0; j++) {
		if (is_same_name(
			merge_name(name), merge_name(str_trim(header[j]))))
			return fail_data(f,
			    "columns %zu and %zu have the same name \"%.*s\"",
			    j + 1, i + 1, (int)utf8_cut(name, 100), name.p);
	}
	return roster_text_check("a column's name", name, f);
}

static int
add_column(struct roster_columns *c, struct str name, size_t i,
    struct arena *arena, struct fail *f)
{
	int column = find_column(name);

	if (column < 0) {
		name = merge_name(name);
		c->merges[c->merge_count++] = (struct roster_columns_merge){
		    arena_dup(arena, name.p, name.n), i};
		return 0;
	}
	if (c->at[column] >= 0)
		return fail_data(f,
		    "columns %d and %zu both give the same thing (\"%.*s\")",
		    c->at[column] + 1, i + 1, (int)name.n, name.p);
	c->at[column] = (int)i;
	return 0;
}

int
roster_columns_parse(struct roster_columns *c, const struct str *header,
    size_t count, struct arena *arena, struct fail *f)
{
	size_t i;

	*c = (struct roster_columns){.count = count};
	for (i = 0; i < ROSTER_COLUMNS; i++)
		c->at[i] = -1;
	c->merges = arena_alloc(arena, count * sizeof(*c->merges));
	for (i = 0; i < count; i++) {
		struct str name = str_trim(header[i]);

		if (name.n == 0)
			continue;
		if (check_name(header, i, f) < 0 ||
		    add_column(c, name, i, arena, f) < 0)
			return -1;
	}
	if (c->at[ROSTER_EMAIL] < 0)
		return fail_data(f, "no column is named \"email\"");
	return 0;
}
