#include "mail/roster/roster_row.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_put.h"
#include "base/num.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "mail/roster/roster_text.h"

#define ID_MAX 255 /* bytes, of user ids and names of accounts */
#define NAME_MAX_BYTES 1000

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool
is_no_value(struct str s)
{
	return s.n == 0 || str_is_nocase(s, "none") || str_is_nocase(s, "null");
}

static bool
is_python_none(struct str s)
{
	return s.n == 4 && memcmp(s.p, "None", 4) == 0;
}

int
roster_row_time(struct str s, int64_t *ms, struct fail *f)
{
	char text[48];
	size_t n = s.n;
	bool zone;

	if (n > sizeof(text) - 2)
		return fail_data(f, "no time");
	memcpy(text, s.p, n);
	if (n > 10 && text[10] == ' ')
		text[10] = 'T';
	zone = n <= 10 || memchr(text, 'Z', n) != NULL ||
	       memchr(text, 'z', n) != NULL ||
	       memchr(text + 10, '+', n - 10) != NULL ||
	       memchr(text + 10, '-', n - 10) != NULL;
	if (!zone)
		text[n++] = 'Z';
	return num_parse_time((struct str){text, n}, ms, f);
}

/*
 * The trimmed cell; absent if it is empty, if it says "None" as Python writes
 * no value, or if the file has no such column.
 */
static struct str
get_cell(const struct roster_columns *c, const struct str *fields,
    enum roster_column column)
{
	struct str s;

	if (c->at[column] < 0)
		return (struct str){0};
	s = str_trim(fields[c->at[column]]);
	return s.n > 0 && !is_python_none(s) ? s : (struct str){0};
}

/* Cells that are copied unchanged. */
static const struct text_column {
	enum roster_column column;
	const char *name;
	size_t offset; /* of a struct str in struct roster_row */
	size_t max;    /* bytes */
} texts[] = {
    {ROSTER_ID, "id", offsetof(struct roster_row, id), ID_MAX},
    {ROSTER_USERNAME, "username", offsetof(struct roster_row, username),
	ID_MAX},
    {ROSTER_NAME, "name", offsetof(struct roster_row, name), NAME_MAX_BYTES},
    {ROSTER_MODE, "enrollment_mode", offsetof(struct roster_row, mode), ID_MAX},
    {ROSTER_COHORT, "cohort", offsetof(struct roster_row, cohort), ID_MAX},
    {ROSTER_ROLE, "role", offsetof(struct roster_row, role), ID_MAX},
    {ROSTER_COURSE, "course_id", offsetof(struct roster_row, course), ID_MAX},
};

static int
parse_text(struct roster_row *p, const struct text_column *t,
    const struct roster_columns *c, const struct str *fields, struct fail *f)
{
	struct str s = get_cell(c, fields, t->column);

	if (s.p != NULL && roster_text_check(t->name, s, f) < 0)
		return -1;
	if (s.n > t->max)
		return fail_data(
		    f, "%s is longer than %zu bytes", t->name, t->max);
	memcpy((char *)p + t->offset, &s, sizeof(s));
	return 0;
}

static int
parse_bool(bool *out, const struct roster_columns *c, const struct str *fields,
    enum roster_column column, const char *what, struct fail *f)
{
	struct str s = get_cell(c, fields, column);

	*out = true;
	if (s.p != NULL && num_bool(s, out, f) < 0)
		return fail_prefix(f, "%s", what);
	return 0;
}

/* The words of the exports of learning platforms. */
static const struct status_word {
	const char *word;
	bool enrolled;
} status_words[] = {
    {"enrolled", true},
    {"active", true},
    {"unenrolled", false},
    {"unenroled", false},
    {"un-enrolled", false},
    {"not enrolled", false},
    {"not_enrolled", false},
    {"inactive", false},
    {"suspended", false},
    {"withdrawn", false},
    {"dropped", false},
    {"deleted", false},
    {"removed", false},
};

static const struct status_word *
find_word(struct str s)
{
	for (size_t i = 0; i < COUNT(status_words); i++) {
		if (str_is_nocase(s, status_words[i].word))
			return &status_words[i];
	}
	return NULL;
}

static bool
find_status(struct str s, bool *enrolled)
{
	const struct status_word *word = find_word(s);
	struct fail f;
	int64_t ms;

	*enrolled = word == NULL || word->enrolled;
	if (word != NULL)
		return true;
	/* The time of the enrolment says it as well. */
	return num_bool(s, enrolled, &f) == 0 ||
	       roster_row_time(s, &ms, &f) == 0;
}

/*
 * A word that nobody knows may mean that the person has left, so that the row
 * is refused.
 */
static int
parse_enrolled(struct roster_row *p, const struct roster_columns *c,
    const struct str *fields, struct fail *f)
{
	struct str s = get_cell(c, fields, ROSTER_ENROLLED);

	p->enrolled = true;
	p->enrolled_unknown = s.p == NULL && c->at[ROSTER_ENROLLED] >= 0;
	if (s.p == NULL || find_status(s, &p->enrolled))
		return 0;
	return fail_data(f,
	    "enrolment status \"%.*s\" is not enrolled, unenrolled, active, "
	    "inactive, yes or no",
	    (int)utf8_cut(s, 100), s.p);
}

static void
find_left(struct roster_row *p, const struct roster_columns_merge *merge,
    struct str cell)
{
	const struct status_word *word;

	if (!merge->is_status)
		return;
	word = find_word(str_trim(cell));
	if (word == NULL || word->enrolled)
		return;
	p->left_column = str_of(merge->name);
	p->left_word = str_trim(cell);
}

/* Open edX writes it for people without a cohort. */
static void
clear_unassigned(struct roster_row *p)
{
	if (p->cohort.p != NULL && str_is_nocase(p->cohort, "[unassigned]"))
		p->cohort = (struct str){0};
}

static int
parse_email(struct roster_row *p, const struct roster_columns *c,
    const struct str *fields, struct arena *arena, struct fail *f)
{
	struct addr addr;

	p->email = get_cell(c, fields, ROSTER_EMAIL);
	if (p->email.p == NULL)
		return fail_data(f, "email is empty");
	/* bm-recipients decides whether a reserved domain may be mailed. */
	if (addr_parse(&addr, p->email, ADDR_RESERVED, arena, f) < 0)
		return fail_prefix(f, "email \"%.*s\"",
		    (int)utf8_cut(p->email, 100), p->email.p);
	p->key = addr.key;
	return 0;
}

static int
parse_login(struct roster_row *p, const struct roster_columns *c,
    const struct str *fields, struct fail *f)
{
	struct str s = get_cell(c, fields, ROSTER_LOGIN);

	if (is_no_value(s))
		return 0;
	if (roster_row_time(s, &p->last_login, f) < 0)
		return fail_data(f, "last_login \"%.*s\" is not a time",
		    (int)utf8_cut(s, 100), s.p);
	return 0;
}

static void
collect_data(struct roster_row *p, const struct roster_columns *c,
    const struct str *fields, struct arena *arena)
{
	struct buf b = {0};
	size_t i;

	if (c->merge_count == 0)
		return;
	buf_addc(&b, '{');
	for (i = 0; i < c->merge_count; i++) {
		struct str s = fields[c->merges[i].column];

		if (c->merges[i].none_is_empty && is_python_none(s))
			s = STR("");
		find_left(p, &c->merges[i], s);
		json_put(&b, c->merges[i].name, s);
	}
	buf_addc(&b, '}');
	p->data = arena_str(arena, buf_str(&b));
	buf_free(&b);
}

int
roster_row_parse(struct roster_row *p, const struct roster_columns *c,
    const struct str *fields, size_t count, struct arena *arena, struct fail *f)
{
	size_t i;

	*p = (struct roster_row){0};
	if (count != c->count)
		return fail_data(
		    f, "%zu fields where the header has %zu", count, c->count);
	p->id = get_cell(c, fields, ROSTER_ID);
	p->email = get_cell(c, fields, ROSTER_EMAIL);
	for (i = 0; i < COUNT(texts); i++) {
		if (parse_text(p, &texts[i], c, fields, f) < 0)
			return -1;
	}
	if (parse_email(p, c, fields, arena, f) < 0 ||
	    parse_bool(
		&p->is_active, c, fields, ROSTER_ACTIVE, "is_active", f) < 0 ||
	    parse_enrolled(p, c, fields, f) < 0 ||
	    parse_login(p, c, fields, f) < 0)
		return -1;
	clear_unassigned(p);
	collect_data(p, c, fields, arena);
	return 0;
}

int
roster_row_check_course(
    const struct roster_row *p, struct str id, struct fail *f)
{
	if (p->course.p == NULL || str_eq(p->course, id))
		return 0;
	return fail_data(
	    f, "course_id is \"%.*s\"", (int)p->course.n, p->course.p);
}
