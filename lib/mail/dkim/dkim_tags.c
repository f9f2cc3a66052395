#include "mail/dkim/dkim_tags.h"

#include <string.h>

#include "base/ascii.h"

#define BLANKS " \t\r\n"

static bool
is_tag_name(struct str s)
{
	if (s.n == 0 || !ascii_is_letter(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '_')
			return false;
	}
	return true;
}

static bool
is_tag_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((s.p[i] < '!' || s.p[i] > '~') &&
		    memchr(BLANKS, s.p[i], strlen(BLANKS)) == NULL)
			return false;
	}
	return true;
}

/* One "name=value", which begins at a place of the text. */
static int
add_tag(struct dkim_tags *t, struct str spec, size_t at, struct fail *f)
{
	const char *equals = memchr(spec.p, '=', spec.n);
	struct dkim_tag tag;

	if (equals == NULL)
		return fail_data(f, "a tag without \"=\"");
	tag.name =
	    str_strip((struct str){spec.p, (size_t)(equals - spec.p)}, BLANKS);
	tag.start = at + (size_t)(equals + 1 - spec.p);
	tag.end = at + spec.n;
	tag.value =
	    str_strip((struct str){equals + 1, tag.end - tag.start}, BLANKS);
	if (!is_tag_name(tag.name) || !is_tag_value(tag.value))
		return fail_data(f, "a malformed tag");
	for (size_t i = 0; i < t->count; i++) {
		if (str_eq(t->all[i].name, tag.name))
			return fail_data(f, "the tag %.*s= stands twice",
			    (int)(tag.name.n < 30 ? tag.name.n : 30),
			    tag.name.p);
	}
	if (t->count == DKIM_TAGS_MAX)
		return fail_data(f, "more than %d tags", DKIM_TAGS_MAX);
	t->all[t->count++] = tag;
	return 0;
}

int
dkim_tags_parse(struct dkim_tags *t, struct str text, struct fail *f)
{
	struct str rest = text, spec;

	t->count = 0;
	while (rest.n > 0) {
		spec = str_take(&rest, STR(";"));
		/* Behind the last semicolon there may be nothing. */
		if (str_strip(spec, BLANKS).n == 0 && rest.n == 0)
			break;
		if (add_tag(t, spec, (size_t)(spec.p - text.p), f) < 0)
			return -1;
	}
	return t->count > 0 ? 0 : fail_data(f, "no tag");
}

const struct dkim_tag *
dkim_tags_find(const struct dkim_tags *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++) {
		if (str_is(t->all[i].name, name))
			return &t->all[i];
	}
	return NULL;
}

struct str
dkim_tags_get(const struct dkim_tags *t, const char *name, struct arena *arena)
{
	const struct dkim_tag *tag = dkim_tags_find(t, name);
	struct str value;
	char *out;
	size_t n = 0;

	if (tag == NULL)
		return (struct str){0};
	value = tag->value;
	out = arena_alloc(arena, value.n + 1);
	for (size_t i = 0; i < value.n; i++) {
		if (memchr(BLANKS, value.p[i], strlen(BLANKS)) == NULL)
			out[n++] = value.p[i];
	}
	return (struct str){out, n};
}

bool
dkim_tags_next(struct str *rest, struct str *item)
{
	const char *colon;

	if (rest->p == NULL)
		return false;
	colon = rest->n > 0 ? memchr(rest->p, ':', rest->n) : NULL;
	*item = *rest;
	if (colon == NULL) {
		*rest = (struct str){0};
	} else {
		item->n = (size_t)(colon - rest->p);
		*rest = (struct str){colon + 1, rest->n - item->n - 1};
	}
	*item = str_strip(*item, BLANKS);
	return true;
}
