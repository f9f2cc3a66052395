#include "mail/roster/roster_row.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/json_put.h"
#include "base/num.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"

#define ID_MAX 255 /* bytes, of user ids and names of accounts */
#define NAME_MAX_BYTES 1000

struct alias {
	const char *name;
	enum roster_row_field field;
};

static const struct alias aliases[] = {
    {"id", PERSON_ID},
    {"user_id", PERSON_ID},
    {"username", PERSON_USERNAME},
    {"email", PERSON_EMAIL},
    {"name", PERSON_NAME},
    {"full_name", PERSON_NAME},
    {"is_active", PERSON_ACTIVE},
    {"last_login", PERSON_LOGIN},
    {"enrollment_is_active", PERSON_ENROLLED},
    {"enrollment_mode", PERSON_MODE},
    {"mode", PERSON_MODE},
    {"cohort", PERSON_COHORT},
    {"role", PERSON_ROLE},
    {"course_id", PERSON_COURSE},
};

/* Members of records that a merge field must not hide. */
static const char *const reserved[] = {
    "course_title",
    "course_url",
    "course_image_url",
    "why",
    "opted_out",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int
field_of(struct str name)
{
	size_t i;

	for (i = 0; i < COUNT(aliases); i++) {
		if (str_is_nocase(name, aliases[i].name))
			return (int)aliases[i].field;
	}
	return -1;
}

/* The profile's language is the person's; records carry the course's. */
static struct str
merge_name(struct str name)
{
	return str_is_nocase(name, "language") ? STR("user_language") : name;
}

static bool
same_name(struct str a, struct str b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static int
check_header(const struct str *header, size_t i, struct fail *f)
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
		if (same_name(
			merge_name(name), merge_name(str_trim(header[j]))))
			return fail_data(f,
			    "columns %zu and %zu have the same name \"%.*s\"",
			    j + 1, i + 1, (int)utf8_cut(name, 100), name.p);
	}
	return roster_row_check_text("a column's name", name, f);
}

static int
add_column(struct roster_row_columns *c, struct str name, size_t i,
    struct arena *arena, struct fail *f)
{
	int field = field_of(name);

	if (field < 0) {
		name = merge_name(name);
		c->merges[c->merge_count++] = (struct roster_row_merge){
		    arena_dup(arena, name.p, name.n), i};
		return 0;
	}
	if (c->at[field] >= 0)
		return fail_data(f,
		    "columns %d and %zu both give the same thing (\"%.*s\")",
		    c->at[field] + 1, i + 1, (int)name.n, name.p);
	c->at[field] = (int)i;
	return 0;
}

int
roster_row_columns(struct roster_row_columns *c, const struct str *header,
    size_t count, struct arena *arena, struct fail *f)
{
	size_t i;

	*c = (struct roster_row_columns){.count = count};
	for (i = 0; i < PERSON_FIELDS; i++)
		c->at[i] = -1;
	c->merges = arena_alloc(arena, count * sizeof(*c->merges));
	for (i = 0; i < count; i++) {
		struct str name = str_trim(header[i]);

		if (name.n == 0)
			continue;
		if (check_header(header, i, f) != 0 ||
		    add_column(c, name, i, arena, f) != 0)
			return -1;
	}
	if (c->at[PERSON_EMAIL] < 0)
		return fail_data(f, "no column is named \"email\"");
	return 0;
}

int
roster_row_check_text(const char *what, struct str s, struct fail *f)
{
	size_t i = utf8_printable(s.p, s.n);

	if (utf8_valid(s.p + i, s.n - i) != s.n - i)
		return fail_data(f, "%s is not valid UTF-8", what);
	while (i < s.n) {
		uint32_t cp = utf8_next(s.p, s.n, &i);

		if (cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x2028 ||
		    cp == 0x2029)
			return fail_data(f, "%s has a control character", what);
	}
	return 0;
}

static bool
is_nothing(struct str s)
{
	return s.n == 0 || str_is_nocase(s, "none") || str_is_nocase(s, "null");
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

/* A cell without blanks around it, or absent. */
static struct str
cell(const struct roster_row_columns *c, const struct str *fields,
    enum roster_row_field field)
{
	struct str s;

	if (c->at[field] < 0)
		return (struct str){0};
	s = str_trim(fields[c->at[field]]);
	return s.n > 0 ? s : (struct str){0};
}

/* Cells that are taken as they are. */
static const struct text_column {
	enum roster_row_field field;
	const char *name;
	size_t offset; /* of a struct str in struct roster_row */
	size_t max;    /* bytes */
} texts[] = {
    {PERSON_ID, "id", offsetof(struct roster_row, id), ID_MAX},
    {PERSON_USERNAME, "username", offsetof(struct roster_row, username),
	ID_MAX},
    {PERSON_NAME, "name", offsetof(struct roster_row, name), NAME_MAX_BYTES},
    {PERSON_MODE, "enrollment_mode", offsetof(struct roster_row, mode), ID_MAX},
    {PERSON_COHORT, "cohort", offsetof(struct roster_row, cohort), ID_MAX},
    {PERSON_ROLE, "role", offsetof(struct roster_row, role), ID_MAX},
    {PERSON_COURSE, "course_id", offsetof(struct roster_row, course), ID_MAX},
};

static int
parse_text(struct roster_row *p, const struct text_column *t,
    const struct roster_row_columns *c, const struct str *fields,
    struct fail *f)
{
	struct str s = cell(c, fields, t->field);

	if (s.p != NULL && roster_row_check_text(t->name, s, f) != 0)
		return -1;
	if (s.n > t->max)
		return fail_data(
		    f, "%s is longer than %zu bytes", t->name, t->max);
	memcpy((char *)p + t->offset, &s, sizeof(s));
	return 0;
}

static int
parse_bool(bool *out, const struct roster_row_columns *c,
    const struct str *fields, enum roster_row_field field, const char *what,
    struct fail *f)
{
	struct str s = cell(c, fields, field);

	*out = true;
	if (s.p != NULL && num_bool(s, out, f) != 0)
		return fail_prefix(f, "%s", what);
	return 0;
}

static int
parse_email(struct roster_row *p, const struct roster_row_columns *c,
    const struct str *fields, struct arena *arena, struct fail *f)
{
	struct addr addr;

	p->email = cell(c, fields, PERSON_EMAIL);
	if (p->email.p == NULL)
		return fail_data(f, "email is empty");
	/* Who may be mailed is bm-recipients' question, not the roster's. */
	if (addr_parse(&addr, p->email, ADDR_RESERVED, arena, f) != 0)
		return fail_prefix(f, "email \"%.*s\"",
		    (int)utf8_cut(p->email, 100), p->email.p);
	p->key = addr.key;
	return 0;
}

static int
parse_login(struct roster_row *p, const struct roster_row_columns *c,
    const struct str *fields, struct fail *f)
{
	struct str s = cell(c, fields, PERSON_LOGIN);

	if (is_nothing(s))
		return 0;
	if (roster_row_time(s, &p->last_login, f) != 0)
		return fail_data(f, "last_login \"%.*s\" is not a time",
		    (int)utf8_cut(s, 100), s.p);
	return 0;
}

static void
collect_data(struct roster_row *p, const struct roster_row_columns *c,
    const struct str *fields, struct arena *arena)
{
	struct buf b = {0};
	size_t i;

	if (c->merge_count == 0)
		return;
	buf_addc(&b, '{');
	for (i = 0; i < c->merge_count; i++)
		json_put(&b, c->merges[i].name, fields[c->merges[i].column]);
	buf_addc(&b, '}');
	p->data = arena_str(arena, buf_str(&b));
	buf_free(&b);
}

int
roster_row_parse(struct roster_row *p, const struct roster_row_columns *c,
    const struct str *fields, size_t count, struct arena *arena, struct fail *f)
{
	size_t i;

	*p = (struct roster_row){0};
	if (count != c->count)
		return fail_data(
		    f, "%zu fields where the header has %zu", count, c->count);
	for (i = 0; i < COUNT(texts); i++) {
		if (parse_text(p, &texts[i], c, fields, f) != 0)
			return -1;
	}
	if (parse_email(p, c, fields, arena, f) != 0 ||
	    parse_bool(
		&p->is_active, c, fields, PERSON_ACTIVE, "is_active", f) != 0 ||
	    parse_bool(&p->enrolled, c, fields, PERSON_ENROLLED,
		"enrollment_is_active", f) != 0 ||
	    parse_login(p, c, fields, f) != 0)
		return -1;
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
