#include "mail/roster/roster_row.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_put.h"
#include "base/num.h"
#include "base/trim.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "mail/mime/addr_cell.h"
#include "mail/roster/roster_text.h"
#include "mail/roster/roster_value.h"

#define ID_MAX 255 /* bytes, of user ids and names of accounts */
#define NAME_MAX_BYTES 1000
#define SHOWN 100 /* bytes of a cell in a message */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A row while it is read. */
struct reading {
	struct roster_row *row;
	const struct roster_columns *columns;
	const struct str *fields; /* as many as the header has */
	struct arena *arena;
};

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

/* The trimmed cell; absent if the file has no such column or it has no value.
 */
static struct str
get_cell(const struct reading *r, enum roster_column column)
{
	int at = r->columns->at[column];
	struct str s;

	if (at < 0)
		return (struct str){0};
	s = trim_text(roster_value_unguard(trim_text(r->fields[at])));
	return s.n > 0 && !roster_value_is_absent(s) ? s : (struct str){0};
}

/* Brightspace puts a "#" before ids and user names; "-" is none. */
static struct str
get_account(const struct reading *r, enum roster_column column)
{
	struct str s = get_cell(r, column);

	if (str_is(s, "-"))
		return (struct str){0};
	if ((r->columns->systems & ROSTER_BRIGHTSPACE) != 0 && s.n > 1 &&
	    s.p[0] == '#')
		return (struct str){s.p + 1, s.n - 1};
	return s;
}

/* The person gets the mail without it; the caller counts it. */
static void
drop_cell(struct reading *r, enum roster_column column, struct str cell)
{
	if (r->row->dropped != ROSTER_COLUMNS)
		return;
	r->row->dropped = column;
	r->row->dropped_cell = cell;
}

static struct str
join_names(const struct reading *r, struct str first, struct str last)
{
	if (first.p == NULL || last.p == NULL)
		return first.p != NULL ? first : last;
	return str_of(arena_printf(
	    r->arena, "%.*s %.*s", (int)first.n, first.p, (int)last.n, last.p));
}

/* Is the given name one of the name's words? */
static bool
has_given_name(struct str name, struct str word)
{
	const char *p = name.p, *hit;
	size_t n = name.n;

	while (n >= word.n && (hit = memmem(p, n, word.p, word.n)) != NULL) {
		const char *end = hit + word.n;

		if ((hit == name.p || hit[-1] == ' ') &&
		    (end == name.p + name.n || *end == ' '))
			return true;
		n -= (size_t)(hit + 1 - p);
		p = hit + 1;
	}
	return false;
}

static struct str
read_name(const struct reading *r)
{
	struct str name = get_cell(r, ROSTER_NAME),
		   first = get_cell(r, ROSTER_FIRST);

	if (r->columns->name_is_made)
		return join_names(r, first, get_cell(r, ROSTER_LAST));
	if (r->columns->name_is_family && name.p != NULL && first.p != NULL &&
	    !has_given_name(name, first))
		return join_names(r, first, name);
	if (name.p == NULL)
		return join_names(r, first, get_cell(r, ROSTER_LAST));
	return name;
}

/* Words for no cohort: of Open edX, of Moodle. */
static bool
is_no_cohort(struct str s)
{
	static const char *const words[] = {"[unassigned]", "no groups",
	    "keine gruppen", "aucun groupe", "sin grupos", "-"};

	for (size_t i = 0; i < COUNT(words); i++) {
		if (str_is_nocase(s, words[i]))
			return true;
	}
	return false;
}

static struct str
read_cell(const struct reading *r, enum roster_column column)
{
	struct str s = column == ROSTER_ID || column == ROSTER_USERNAME
			   ? get_account(r, column)
			   : get_cell(r, column);

	if (column == ROSTER_NAME)
		return read_name(r);
	if (column == ROSTER_ROLE && s.p != NULL)
		return roster_value_role(s);
	if (column == ROSTER_COHORT && s.p != NULL && is_no_cohort(s))
		return (struct str){0};
	return s;
}

static int
check_text(const struct text_column *t, struct str s, struct fail *f)
{
	if (roster_text_check(t->name, s, f) < 0)
		return -1;
	if (s.n > t->max)
		return fail_data(
		    f, "%s is longer than %zu bytes", t->name, t->max);
	return 0;
}

/* A cell of a column that only seems to be this one costs nobody the mail. */
static int
parse_text(struct reading *r, const struct text_column *t, struct fail *f)
{
	struct str s = read_cell(r, t->column);

	if (s.p != NULL && check_text(t, s, f) < 0) {
		if (!r->columns->likely[t->column] || t->column == ROSTER_ID)
			return -1;
		drop_cell(r, t->column, s);
		s = (struct str){0};
	}
	memcpy((char *)r->row + t->offset, &s, sizeof(s));
	return 0;
}

static int
parse_active(struct reading *r, struct fail *f)
{
	struct str s = get_cell(r, ROSTER_ACTIVE);

	r->row->is_active = true;
	if (s.p != NULL && num_bool(s, &r->row->is_active, f) < 0)
		return fail_prefix(f, "is_active");
	return 0;
}

/*
 * A word that nobody knows may mean that the person has left, so that the row
 * is refused.
 */
static int
parse_enrolled(struct reading *r, struct fail *f)
{
	struct str s = get_cell(r, ROSTER_ENROLLED), title;
	struct roster_row *p = r->row;

	p->enrolled = true;
	p->enrolled_unknown =
	    s.p == NULL && r->columns->at[ROSTER_ENROLLED] >= 0;
	if (s.p == NULL || roster_value_enrolled(s, &p->enrolled))
		return 0;
	fail_data(f,
	    "enrolment status \"%.*s\" is not enrolled, unenrolled, active, "
	    "inactive, yes or no",
	    (int)utf8_cut(s, SHOWN), s.p);
	title = r->columns->titles[r->columns->at[ROSTER_ENROLLED]];
	if (r->columns->likely[ROSTER_ENROLLED])
		fail_data(f,
		    "%s (--column FIELD='%.*s' makes a merge field of it)",
		    f->text, (int)utf8_cut(title, SHOWN), title.p);
	return -1;
}

static void
find_left(struct reading *r, const struct roster_columns_merge *merge,
    struct str cell)
{
	if (!merge->is_status || !roster_value_has_left(str_trim(cell)) ||
	    r->columns->at[ROSTER_ENROLLED] == (int)merge->column)
		return;
	r->row->left_column = r->columns->titles[merge->column];
	r->row->left_word = str_trim(cell);
}

/* The address as it is written, and the name beside it for want of another. */
static int
parse_email(struct reading *r, struct fail *f)
{
	struct roster_row *p = r->row;
	struct str cell = r->fields[r->columns->at[ROSTER_EMAIL]], s;
	struct addr_cell parts;
	struct addr addr;

	s = trim_text(cell);
	if (s.n == 0 || roster_value_is_absent(s))
		return fail_data(f, "email is empty");
	p->email = s;
	/* bm-recipients decides whether a reserved domain may be mailed. */
	if (addr_cell_read(&parts, cell, r->arena, f) < 0 ||
	    addr_parse(&addr, parts.address, ADDR_RESERVED, r->arena, f) < 0)
		return fail_prefix(f, "email \"%.*s\"",
		    (int)utf8_cut(p->email, SHOWN), p->email.p);
	p->email = parts.address;
	p->key = addr.key;
	p->guarded = parts.guarded;
	if (p->name.p == NULL && parts.name.n <= NAME_MAX_BYTES &&
	    roster_text_check("name", parts.name, f) == 0)
		p->name = parts.name;
	return 0;
}

static void
parse_login(struct reading *r)
{
	struct str s = get_cell(r, ROSTER_LOGIN);
	struct fail f;

	if (s.p == NULL || roster_value_is_never(s))
		return;
	if (roster_time_parse(
		s, r->columns->time_order, &r->row->last_login, &f) == 0)
		return;
	r->row->last_login = 0;
	drop_cell(r, ROSTER_LOGIN, s);
}

static void
collect_data(struct reading *r)
{
	const struct roster_columns *c = r->columns;
	struct buf b = {0};

	if (c->merge_count == 0)
		return;
	buf_addc(&b, '{');
	for (size_t i = 0; i < c->merge_count; i++) {
		struct str s =
		    roster_value_unguard(r->fields[c->merges[i].column]);

		if ((c->merges[i].none_is_empty && roster_value_is_none(s)) ||
		    (c->merges[i].is_name &&
			roster_value_is_absent(trim_text(s))))
			s = STR("");
		find_left(r, &c->merges[i], s);
		json_put(&b, c->merges[i].name, s);
	}
	buf_addc(&b, '}');
	r->row->data = arena_str(r->arena, buf_str(&b));
	buf_free(&b);
}

bool
roster_row_is_empty(const struct str *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (trim_text(fields[i]).n > 0)
			return false;
	}
	return true;
}

static bool
is_filled(const struct roster_columns *c, const struct str *fields,
    size_t count, enum roster_column column)
{
	int at = c->at[column];

	return at >= 0 && (size_t)at < count && trim_text(fields[at]).n > 0;
}

struct str
roster_row_skipped(
    const struct roster_columns *c, const struct str *fields, size_t count)
{
	size_t at = (size_t)c->at[ROSTER_EMAIL];

	if (at < count && fields[at].n > 0 &&
	    memchr(fields[at].p, '@', fields[at].n) == NULL &&
	    str_eq(trim_text(fields[at]), c->titles[at]))
		return c->titles[at];
	if (is_filled(c, fields, count, ROSTER_EMAIL) ||
	    is_filled(c, fields, count, ROSTER_ID) ||
	    is_filled(c, fields, count, ROSTER_USERNAME))
		return (struct str){0};
	return roster_value_totals(fields, count);
}

/* As many fields as the header has: empty ones are added or ignored. */
static int
fit_fields(const struct str **fields, size_t count, size_t want,
    struct arena *arena, struct fail *f)
{
	struct str *all;

	for (size_t i = want; i < count; i++) {
		if (trim_text((*fields)[i]).n > 0)
			return fail_data(f,
			    "%zu fields where the header has %zu: a field with "
			    "a separator in it has to be in quotes",
			    count, want);
	}
	if (count >= want)
		return 0;
	all = arena_alloc(arena, want * sizeof(*all));
	for (size_t i = 0; i < want; i++)
		all[i] = i < count ? (*fields)[i] : STR("");
	*fields = all;
	return 0;
}

int
roster_row_parse(struct roster_row *p, const struct roster_columns *c,
    const struct str *fields, size_t count, struct arena *arena, struct fail *f)
{
	struct reading r = {.row = p, .columns = c, .arena = arena};

	*p = (struct roster_row){.dropped = ROSTER_COLUMNS};
	if (fit_fields(&fields, count, c->count, arena, f) < 0)
		return -1;
	r.fields = fields;
	p->id = get_account(&r, ROSTER_ID);
	p->email = get_cell(&r, ROSTER_EMAIL);
	for (size_t i = 0; i < COUNT(texts); i++) {
		if (parse_text(&r, &texts[i], f) < 0)
			return -1;
	}
	if (parse_email(&r, f) < 0 || parse_active(&r, f) < 0 ||
	    parse_enrolled(&r, f) < 0)
		return -1;
	parse_login(&r);
	collect_data(&r);
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
