#include "mail/roster/roster_columns.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/map.h"
#include "base/utf8.h"
#include "mail/roster/roster_text.h"

struct alias {
	const char *name;
	enum roster_column column;
	bool yields; /* a merge field if another column gives the same */
};

/* Blanks, hyphens and underscores of a name are equal. */
static const struct alias aliases[] = {
    {"id", ROSTER_ID, false},
    {"user_id", ROSTER_ID, false},
    {"username", ROSTER_USERNAME, false},
    {"email", ROSTER_EMAIL, false},
    {"name", ROSTER_NAME, false},
    {"full_name", ROSTER_NAME, false},
    {"is_active", ROSTER_ACTIVE, false},
    {"last_login", ROSTER_LOGIN, false},
    {"enrollment_is_active", ROSTER_ENROLLED, false},
    {"enrollment_mode", ROSTER_MODE, false},
    {"mode", ROSTER_MODE, false},
    {"cohort", ROSTER_COHORT, false},
    {"role", ROSTER_ROLE, false},
    {"course_id", ROSTER_COURSE, false},
    /* Reports of grades and certificates, and their kin elsewhere. */
    {"student_id", ROSTER_ID, true},
    {"cohort_name", ROSTER_COHORT, true},
    {"enrollment_track", ROSTER_MODE, true},
    {"enrolment_mode", ROSTER_MODE, true},
    {"enrolment_track", ROSTER_MODE, true},
    {"enrollment_status", ROSTER_ENROLLED, false},
    {"enrolment_status", ROSTER_ENROLLED, false},
    {"enrollment_state", ROSTER_ENROLLED, false},
    {"enrolment_state", ROSTER_ENROLLED, false},
    {"enrolment_is_active", ROSTER_ENROLLED, false},
    {"enrollment_active", ROSTER_ENROLLED, false},
    {"enrolment_active", ROSTER_ENROLLED, false},
    {"is_enrolled", ROSTER_ENROLLED, false},
    {"enrolled", ROSTER_ENROLLED, false},
};

/* Members of recipient records that a merge field must not replace. */
static const char *const reserved[] = {
    "course_title",
    "course_url",
    "course_image_url",
    "why",
    "opted_out",
};

/*
 * The other columns of Open edX's exports, which write what is unknown as
 * "None".
 */
static const char *const exported[] = {
    "user_language",
    "location",
    "year_of_birth",
    "gender",
    "level_of_education",
    "mailing_address",
    "goals",
    "verification_status",
    "city",
    "country",
    "team",
    "team_name",
    "enrollment_date",
    "date_joined",
    "external_user_key",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char
fold_letter(char c)
{
	if (c == ' ' || c == '-')
		return '_';
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_named(struct str name, const char *known)
{
	size_t n = 0;

	while (n < name.n && fold_letter(name.p[n]) == known[n])
		n++;
	return n == name.n && known[n] == '\0';
}

static const struct alias *
find_alias(struct str name)
{
	for (size_t i = 0; i < COUNT(aliases); i++) {
		if (is_named(name, aliases[i].name))
			return &aliases[i];
	}
	return NULL;
}

/* In records "language" is the course's, in a roster the person's. */
static struct str
merge_name(struct str name)
{
	return str_is_nocase(name, "language") ? STR("user_language") : name;
}

static bool
is_exported(struct str name)
{
	for (size_t i = 0; i < COUNT(exported); i++) {
		if (is_named(name, exported[i]))
			return true;
	}
	return false;
}

static bool
is_status(struct str name)
{
	static const char *const words[] = {"status", "state", "enrol"};

	for (size_t i = 0; i < COUNT(words); i++) {
		size_t n = strlen(words[i]);

		for (size_t at = 0; at + n <= name.n; at++) {
			if (strncasecmp(name.p + at, words[i], n) == 0)
				return true;
		}
	}
	return false;
}

/* The name as names are compared: without case. */
static struct str
fold_name(struct str name, struct arena *arena)
{
	char *p;

	name = merge_name(name);
	p = arena_dup(arena, name.p, name.n);
	for (size_t i = 0; i < name.n; i++)
		p[i] = ascii_lower(p[i]);
	return (struct str){p, name.n};
}

/* The seen names have the number of their column, from 1. */
static int
check_name(struct map *seen, struct str name, size_t i, struct arena *arena,
    struct fail *f)
{
	size_t *other = map_put(seen, fold_name(name, arena));

	for (size_t j = 0; j < COUNT(reserved); j++) {
		if (str_is_nocase(name, reserved[j]))
			return fail_data(f,
			    "column %zu has the reserved name \"%s\"", i + 1,
			    reserved[j]);
	}
	if (*other > 0)
		return fail_data(f,
		    "columns %zu and %zu have the same name \"%.*s\"", *other,
		    i + 1, (int)utf8_cut(name, 100), name.p);
	*other = i + 1;
	return roster_text_check("a column's name", name, f);
}

static int
check_names(
    const struct str *header, size_t count, struct arena *arena, struct fail *f)
{
	struct map *seen = map_new(sizeof(size_t));
	int rc = 0;

	for (size_t i = 0; i < count && rc == 0; i++) {
		struct str name = str_trim(header[i]);

		if (name.n > 0)
			rc = check_name(seen, name, i, arena, f);
	}
	map_free(seen);
	return rc;
}

static void
add_merge(
    struct roster_columns *c, struct str name, size_t i, struct arena *arena)
{
	name = merge_name(name);
	c->merges[c->merge_count++] = (struct roster_columns_merge){
	    .name = arena_dup(arena, name.p, name.n),
	    .column = i,
	    .none_is_empty = is_exported(name),
	    .is_status = is_status(name)};
}

/*
 * Columns that yield come after all others, so that their order is of no
 * account.
 */
static int
add_column(struct roster_columns *c, struct str name, size_t i, bool yields,
    struct arena *arena, struct fail *f)
{
	const struct alias *alias = find_alias(name);

	if ((alias != NULL && alias->yields) != yields)
		return 0;
	if (alias == NULL || (yields && c->at[alias->column] >= 0)) {
		add_merge(c, name, i, arena);
		return 0;
	}
	if (c->at[alias->column] >= 0)
		return fail_data(f,
		    "columns %d and %zu both give the same thing (\"%.*s\")",
		    c->at[alias->column] + 1, i + 1, (int)name.n, name.p);
	c->at[alias->column] = (int)i;
	return 0;
}

static int
add_columns(struct roster_columns *c, const struct str *header, bool yields,
    struct arena *arena, struct fail *f)
{
	for (size_t i = 0; i < c->count; i++) {
		struct str name = str_trim(header[i]);

		if (name.n > 0 && add_column(c, name, i, yields, arena, f) < 0)
			return -1;
	}
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
	if (check_names(header, count, arena, f) < 0 ||
	    add_columns(c, header, false, arena, f) < 0 ||
	    add_columns(c, header, true, arena, f) < 0)
		return -1;
	if (c->at[ROSTER_EMAIL] < 0)
		return fail_data(f, "no column is named \"email\"");
	return 0;
}
