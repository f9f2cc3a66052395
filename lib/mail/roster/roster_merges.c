#include "mail/roster/roster_merges.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/field_name.h"
#include "base/map.h"
#include "base/utf8.h"

#define SHOWN 100 /* bytes of a title */

/* Members that bm-recipients sets, whatever the roster says. */
static const char *const reserved[] = {
    "course_title",
    "course_url",
    "course_image_url",
    "why",
    "opted_out",
    "include_suppressed",
};

/* Members that the known columns give. */
static const char *const taken[] = {"email", "name", "user_id", "username",
    "course_id", "language", "cohort", "enrollment_mode"};

/*
 * The columns of Open edX's exports that write what is unknown as "None", in
 * whatever file they stand.
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

/* Each column's name, and by name the number of its column. */
struct naming {
	struct roster_columns *columns;
	struct arena *arena;
	struct map *seen;
	const char **names;
};

static bool
is_exported(struct str name)
{
	for (size_t i = 0; i < COUNT(exported); i++) {
		if (str_is_nocase(name, exported[i]))
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

static void
add_note(struct naming *n, const char *note)
{
	n->columns->notes[n->columns->note_count++] = note;
}

/* In records "language" is the course's, in a roster the person's. */
static struct str
make_name(const struct naming *n, size_t column)
{
	struct str title = n->columns->titles[column];
	struct buf b = {0};
	struct str s;

	if (str_is_nocase(title, "language"))
		return STR("user_language");
	if (field_name_is_valid(title))
		return title;
	field_name_make(&b, title);
	if (b.len == 0)
		buf_printf(&b, "column_%zu", column + 1);
	s = arena_str(n->arena, buf_str(&b));
	buf_free(&b);
	return s;
}

/* The name with the smallest number that makes it a new one. */
static struct str
number_name(const struct naming *n, struct str name)
{
	for (int i = 2;; i++) {
		struct str s = str_of(
		    arena_printf(n->arena, "%.*s_%d", (int)name.n, name.p, i));

		if (map_get(n->seen, s) == NULL)
			return s;
	}
}

static void
note_number(struct naming *n, size_t column, size_t other, struct str name,
    struct str s)
{
	struct str title = n->columns->titles[column];

	if (other == 0)
		add_note(n, arena_printf(n->arena,
				"column %zu \"%.*s\" is the merge field %.*s",
				column + 1, (int)utf8_cut(title, SHOWN),
				title.p, (int)s.n, s.p));
	else
		add_note(
		    n, arena_printf(n->arena,
			   "columns %zu and %zu would both be the merge field "
			   "%.*s: column %zu \"%.*s\" is %.*s",
			   other, column + 1, (int)utf8_cut(name, SHOWN),
			   name.p, column + 1, (int)utf8_cut(title, SHOWN),
			   title.p, (int)s.n, s.p));
}

/* Members of records have the number 0 of a column. */
static void
give_name(struct naming *n, size_t column, struct str name)
{
	size_t *other = map_get(n->seen, name);
	struct str s = name;

	if (other != NULL) {
		s = number_name(n, name);
		note_number(n, column, *other, name, s);
	}
	*(size_t *)map_put(n->seen, s) = column + 1;
	n->names[column] = arena_dup(n->arena, s.p, s.n);
}

static int
check_reserved(struct str name, size_t column, struct fail *f)
{
	for (size_t i = 0; i < COUNT(reserved); i++) {
		if (str_is_nocase(name, reserved[i]))
			return fail_data(f,
			    "column %zu has the reserved name \"%s\": rename "
			    "it, or say --column NAME='#%zu'",
			    column + 1, reserved[i], column + 1);
	}
	return 0;
}

/* Wanted names come first, then titles that fit, then those that are made. */
static int
give_names(struct naming *n, const struct str *names, const bool *used,
    int turn, struct fail *f)
{
	for (size_t i = 0; i < n->columns->count; i++) {
		struct str title = n->columns->titles[i];
		bool wanted = names[i].p != NULL;

		if ((used[i] && !wanted) || (title.n == 0 && !wanted) ||
		    turn != (wanted                          ? 0
				: field_name_is_valid(title) ? 1
							     : 2))
			continue;
		if (!wanted && check_reserved(title, i, f) < 0)
			return -1;
		give_name(n, i, wanted ? names[i] : make_name(n, i));
	}
	return 0;
}

static void
add_merge(struct roster_columns *c, const char *name, size_t column)
{
	struct str title = c->titles[column];

	c->merges[c->merge_count++] =
	    (struct roster_columns_merge){.name = name,
		.column = column,
		.none_is_empty =
		    (c->systems & ROSTER_EDX) != 0 || is_exported(str_of(name)),
		.is_status = is_status(title),
		.is_name = c->at[ROSTER_FIRST] == (int)column ||
			   c->at[ROSTER_LAST] == (int)column ||
			   c->at[ROSTER_NAME] == (int)column};
}

int
roster_merges_make(struct roster_columns *c, const struct str *names,
    const bool *used, struct arena *arena, struct fail *f)
{
	struct naming n = {
	    .columns = c, .arena = arena, .seen = map_new(sizeof(size_t))};
	int rc = 0;

	n.names = arena_alloc(arena, c->count * sizeof(*n.names));
	for (size_t i = 0; i < COUNT(taken); i++)
		map_put(n.seen, str_of(taken[i]));
	for (int turn = 0; turn < 3 && rc == 0; turn++)
		rc = give_names(&n, names, used, turn, f);
	map_free(n.seen);
	for (size_t i = 0; i < c->count && rc == 0; i++) {
		if (n.names[i] != NULL)
			add_merge(c, n.names[i], i);
	}
	return rc;
}
