#include "mail/roster/recipient_put.h"

#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "mail/roster/roster_text.h"

/* Members that a merge field must not replace. */
static const char *const reserved[] = {
    "email",
    "name",
    "user_id",
    "username",
    "course_id",
    "course_title",
    "course_url",
    "course_image_url",
    "language",
    "why",
    "opted_out",
    "cohort",
    "enrollment_mode",
};

static bool
is_reserved(struct str name)
{
	size_t i;

	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (str_is(name, reserved[i]))
			return true;
	}
	return false;
}

/* Member names need no escape: each is appended with its quotes. */
#define PUT(b, name, s, f) put_checked(b, name, STR(",\"" name "\":"), s, f)

static int
put_checked(struct buf *b, const char *name, struct str member, struct str s,
    struct fail *f)
{
	if (s.p == NULL)
		return 0;
	if (roster_text_check(name, s, f) < 0)
		return -1;
	buf_addstr(b, member);
	json_put_string(b, s);
	return 0;
}

static int
put_merge_fields(
    struct buf *b, struct str data, struct arena *arena, struct fail *f)
{
	struct json_object o;
	size_t i;

	if (json_parse(&o, data, arena, f) < 0)
		return fail_prefix(f, "merge fields");
	for (i = 0; i < o.count; i++) {
		if (is_reserved(o.members[i].name))
			return fail_data(f,
			    "a merge field has the reserved name \"%.*s\"",
			    (int)o.members[i].name.n, o.members[i].name.p);
	}
	if (o.count == 0)
		return 0;
	/* Copy the text between the braces of the parsed object. */
	while (*data.p != '{') {
		data.p++;
		data.n--;
	}
	while (data.p[data.n - 1] != '}')
		data.n--;
	buf_addc(b, ',');
	buf_add(b, data.p + 1, data.n - 2);
	return 0;
}

/* Append the member unless the record has it already. */
static void
put_missing(
    struct buf *b, const struct json_object *o, const char *name, struct str s)
{
	if (s.p != NULL && (o == NULL || json_get(o, name) == NULL))
		json_put(b, name, s);
}

static void
put_course_members(
    struct buf *b, const struct json_object *o, const struct course *c)
{
	put_missing(b, o, "course_title", c->title);
	put_missing(b, o, "course_url", c->url);
	put_missing(b, o, "course_image_url", c->image_url);
	put_missing(b, o, "language", c->language);
}

void
recipient_put_course(struct buf *b, const struct course *c)
{
	json_put(b, "course_id", c->id);
	put_course_members(b, NULL, c);
}

int
recipient_put_members(struct buf *b, const struct recipient_put *e,
    struct str course, struct arena *arena, struct fail *f)
{
	size_t start = b->len;

	if (PUT(b, "email", e->email, f) < 0 ||
	    PUT(b, "name", e->name, f) < 0 ||
	    PUT(b, "user_id", e->user_id, f) < 0 ||
	    PUT(b, "username", e->username, f) < 0 ||
	    PUT(b, "why", e->why, f) < 0)
		return -1;
	buf_addc(b, ',');
	buf_addstr(b, course);
	b->p[start] = '{'; /* in place of the first comma */
	if (PUT(b, "enrollment_mode", e->mode, f) < 0 ||
	    PUT(b, "cohort", e->cohort, f) < 0)
		return -1;
	return e->data.p != NULL ? put_merge_fields(b, e->data, arena, f) : 0;
}

int
recipient_put_record(struct buf *b, const struct json_object *o,
    struct str course_id, const struct course *c, struct fail *f)
{
	size_t i;

	if (course_id.p != NULL && !str_eq(course_id, c->id))
		return fail_data(f, "\"course_id\" is \"%.*s\"",
		    (int)utf8_cut(course_id, 255), course_id.p);
	buf_addc(b, '{');
	for (i = 0; i < o->count; i++) {
		const struct json_member *m = &o->members[i];

		if (str_is(m->name, "opted_out") ||
		    str_is(m->name, "include_suppressed") ||
		    (course_id.p == NULL && str_is(m->name, "course_id")))
			continue; /* bm-recipients sets them */
		if (b->p[b->len - 1] != '{')
			buf_addc(b, ',');
		json_put_string(b, m->name);
		buf_addc(b, ':');
		buf_addstr(b, m->value.raw);
	}
	if (course_id.p == NULL)
		json_put(b, "course_id", c->id);
	put_course_members(b, o, c);
	return 0;
}
