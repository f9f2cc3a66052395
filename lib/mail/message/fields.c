#include "mail/message/fields.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"

#include <string.h>

/* The names that fields_init() and compose.c add. */
static const char *const own_names[] = {"email_id", "platform_name",
    "postal_address", "from_address", "reason", "reason_course", "lang", "dir",
    "subject", "optout_url", "bm_lang", "bm_dir", "bm_sent", "bm_because",
    "bm_unsubscribe", "bm_course"};

bool
fields_is_own(const char *name)
{
	size_t i;

	/* --set lang says the language of the mailing. */
	if (strcmp(name, "lang") == 0)
		return false;
	for (i = 0; i < sizeof(own_names) / sizeof(own_names[0]); i++) {
		if (strcmp(name, own_names[i]) == 0)
			return true;
	}
	return false;
}

const char *
fields_own_name(size_t i)
{
	return i < sizeof(own_names) / sizeof(own_names[0]) ? own_names[i]
							    : NULL;
}

static void
add_value(struct json_object *o, const char *name, enum json_type type,
    struct str raw, struct arena *a)
{
	struct json_member *m;

	if (o->count == FIELDS_MAX)
		return;
	if (o->members == NULL)
		o->members = arena_alloc(a, FIELDS_MAX * sizeof(*m));
	m = &o->members[o->count++];
	m->name = str_of(name);
	m->value.type = type;
	m->value.raw = raw;
}

static void
add_string(
    struct json_object *o, const char *name, struct str value, struct arena *a)
{
	struct buf quoted = {0};

	if (value.p == NULL)
		return;
	json_put_string(&quoted, value);
	add_value(o, name, JSON_STRING, arena_str(a, buf_str(&quoted)), a);
	buf_free(&quoted);
}

/* An absent one is missing, whatever the record has under this name. */
static void
add_own(
    struct json_object *o, const char *name, struct str value, struct arena *a)
{
	if (value.p == NULL)
		add_value(o, name, JSON_NULL, STR("null"), a);
	else
		add_string(o, name, value, a);
}

/* A target of bm-recipients that people of the course belong to. */
static bool
is_of_course(struct str why)
{
	return str_is(why, "staff") || str_is(why, "myself") ||
	       str_is(why, "learner") || str_starts(why, "cohort:") ||
	       str_starts(why, "track:");
}

static enum layout_reason
choose_reason(struct str why)
{
	if (!is_of_course(why))
		return LAYOUT_SELECTED;
	if (str_is(why, "staff"))
		return LAYOUT_STAFF;
	if (str_is(why, "myself"))
		return LAYOUT_MYSELF;
	return LAYOUT_ENROLLED;
}

static struct str
get_nonempty(const struct json_object *o, const char *name, struct arena *a)
{
	struct str s = {0};

	if (o != NULL)
		s = json_get_string(o, name, a);
	return s.n > 0 ? s : (struct str){0};
}

/* --set lang, else the course's language, else English. */
static struct str
choose_language(const struct fields_constants *c, const struct recipient *r,
    struct arena *a)
{
	struct str s = get_nonempty(c->set, "lang", a);

	if (s.p == NULL)
		s = get_nonempty(&r->all, "language", a);
	return s.p != NULL ? s : STR("en");
}

static struct str
writing_direction(struct str lang)
{
	static const char *const rtl[] = {
	    "ar", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"};
	size_t i;

	for (i = 0; i < sizeof(rtl) / sizeof(rtl[0]); i++) {
		if (lang.n >= 2 &&
		    str_is_nocase((struct str){lang.p, 2}, rtl[i]) &&
		    (lang.n == 2 || lang.p[2] == '-' || lang.p[2] == '_'))
			return STR("rtl");
	}
	return STR("ltr");
}

static bool
has_member(const struct json_object *o, const char *name)
{
	return o != NULL && json_get(o, name) != NULL;
}

/* Null and an empty text are no values. */
static bool
has_value(const struct json_object *o, struct str name)
{
	for (size_t i = 0; i < o->count; i++) {
		const struct json_value *v = &o->members[i].value;

		if (str_eq(o->members[i].name, name))
			return v->type != JSON_NULL &&
			       (v->type != JSON_STRING || v->raw.n > 2);
	}
	return false;
}

static void
choose_defaults(struct json_object *out, const struct json_object *all,
    const struct json_object *record, struct arena *a)
{
	out->members = arena_alloc(a, all->count * sizeof(*out->members));
	for (size_t i = 0; i < all->count; i++) {
		if (!has_value(record, all->members[i].name))
			out->members[out->count++] = all->members[i];
	}
}

void
fields_init(struct fields *fs, const struct fields_constants *c,
    const struct recipient *r, struct arena *a)
{
	struct str lang = choose_language(c, r, a);
	size_t n = 0;
	bool course;

	*fs = (struct fields){.words = layout_words_choose(lang)};
	if (r->course_title.n == 0 && !has_member(c->set, "course_title"))
		add_string(&fs->own, "course_title", r->course_id, a);
	add_string(&fs->own, "email_id", c->email_id, a);
	add_string(&fs->own, "platform_name", c->platform_name, a);
	add_string(&fs->own, "postal_address", c->postal_address, a);
	add_own(&fs->own, "from_address", c->from_address, a);
	course = c->why.p == NULL && is_of_course(r->why);
	add_string(&fs->own, "reason",
	    c->why.p != NULL
		? c->why
		: str_of(fs->words->reasons[choose_reason(r->why)]),
	    a);
	add_value(&fs->own, "reason_course", course ? JSON_TRUE : JSON_FALSE,
	    course ? STR("true") : STR("false"), a);
	add_string(&fs->own, "lang", lang, a);
	add_string(&fs->own, "dir", writing_direction(lang), a);
	for (size_t i = 0; i < LAYOUT_FIELDS; i++)
		add_value(&fs->own, fs->words->fields[i].name, JSON_STRING,
		    str_of(fs->words->fields[i].json), a);
	fs->objects[n++] = &r->all;
	if (c->defaults != NULL && c->defaults->count > 0) {
		choose_defaults(&fs->defaults, c->defaults, &r->all, a);
		fs->objects[n++] = &fs->defaults;
	}
	if (c->set != NULL)
		fs->objects[n++] = c->set;
	fs->objects[n++] = &fs->own;
	fs->data.objects = fs->objects;
	fs->data.count = n;
}

void
fields_add(
    struct fields *fs, const char *name, struct str value, struct arena *a)
{
	add_own(&fs->own, name, value, a);
}
