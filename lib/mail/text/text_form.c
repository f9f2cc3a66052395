#include "mail/text/text_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mail/html/html.h"
#include "mail/template/template_render.h"
#include "mail/text/text.h"
#include "mail/text/text_keep.h"
#include "mail/text/text_style.h"

#define TREES 8 /* skeletons that are remembered */

/* A string of the tree with holes. */
struct slot {
	struct slot *next;
	struct str *place;
	struct str source; /* the holes are fields 0 to holes - 1 */
};

/* A skeleton's tree. */
struct tree {
	struct arena *arena;
	struct str skeleton;
	struct html html;
	size_t holes;
	struct slot *slots;
	bool whole; /* no value has a part in how the tree is read or styled */
	unsigned long used; /* when, by the form's count of records */
};

struct text_form {
	const struct template *template;
	const struct text_params *params;
	struct tree trees[TREES];
	unsigned long records;
};

struct text_form *
text_form_new(const struct template *t, const struct text_params *params)
{
	struct text_form *f = mem_new(sizeof(*f));

	f->template = t;
	f->params = params;
	return f;
}

void
text_form_free(struct text_form *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < TREES; i++)
		arena_free(f->trees[i].arena);
	free(f);
}

/* True if a character of the planes of fields is in the text. */
static bool
has_private(struct str s)
{
	return memchr(s.p, 0xf3, s.n) != NULL || memchr(s.p, 0xf4, s.n) != NULL;
}

/* Controls are dropped: the text on both sides then joins. */
static bool
has_controls(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < 0x20 && !ascii_is_space(s.p[i])) || c == 0x7f ||
		    (c == 0xc2 && i + 1 < s.n &&
			(unsigned char)s.p[i + 1] < 0xa0))
			return true;
	}
	return false;
}

/* Beside "%%" a value could become the name in "%%NAME%%". */
static bool
has_percents(struct str s)
{
	return memmem(s.p, s.n, "%%", 2) != NULL;
}

/* True if a hole is a field of its own and no part of any other field. */
static bool
has_whole_holes(const struct tree *t)
{
	const struct html_fields *fields = &t->html.fields;

	for (size_t i = 0; i < fields->count; i++)
		if (i < t->holes ? !str_is(fields->items[i], TEMPLATE_HOLE)
				 : has_private(fields->items[i]))
			return false;
	return true;
}

/* Attributes that text_style() reads, or that say what a cell or list is. */
static bool
is_structural(const char *name)
{
	static const char *const names[] = {"align", "class", "colspan",
	    "height", "hidden", "id", "reversed", "role", "rowspan", "size",
	    "start", "style", "type", "value", "width"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool
has_holes(const struct tree *t, struct str s)
{
	struct str before, tag;

	while (html_field_next(&t->html.fields, &s, &before, &tag))
		if (str_is(tag, TEMPLATE_HOLE))
			return true;
	return false;
}

static void
add_slot(struct tree *t, struct html_node *n, struct str *place)
{
	struct slot *s = arena_alloc(t->arena, sizeof(*s));

	*s = (struct slot){t->slots, place, *place};
	t->slots = s;
	text_keep_mark(n, STYLE_CHANGES);
}

/* Find the holes of a node; false if one of them shapes the tree. */
static bool
add_slots(struct tree *t, struct html_node *n)
{
	if (n->name == NULL) {
		if (!has_holes(t, n->text))
			return true;
		if (n->parent->name != NULL &&
		    strcmp(n->parent->name, "style") == 0)
			return false;
		add_slot(t, n, &n->text);
		return true;
	}
	for (struct html_attr *a = n->attrs; a != NULL; a = a->next) {
		if (!has_holes(t, a->value))
			continue;
		if (is_structural(a->name) || strcmp(n->name, "base") == 0)
			return false;
		add_slot(t, n, &a->value);
	}
	return true;
}

static bool
find_slots(struct tree *t)
{
	for (struct html_node *n = t->html.root; n != NULL;
	     n = html_next(n, t->html.root)) {
		if (!add_slots(t, n))
			return false;
		if (n->tag == TAG_A || n->tag == TAG_AREA)
			text_keep_mark(n, STYLE_LINKS);
	}
	return true;
}

static int
read_tree(struct tree *t, const struct template_skeleton *k, struct fail *fail)
{
	arena_free(t->arena);
	*t = (struct tree){.arena = arena_new(), .holes = k->count};
	t->skeleton = arena_str(t->arena, buf_str(&k->html));
	if (has_percents(t->skeleton) || has_controls(t->skeleton))
		return 0;
	if (html_parse(&t->html, t->skeleton, t->arena, fail) < 0)
		return -1;
	text_style(&t->html, t->arena);
	t->whole = has_whole_holes(t) && find_slots(t);
	return 0;
}

/* The tree of a skeleton; NULL on failure. */
static struct tree *
find_tree(
    struct text_form *f, const struct template_skeleton *k, struct fail *fail)
{
	struct tree *oldest = &f->trees[0];

	f->records++;
	for (size_t i = 0; i < TREES; i++) {
		struct tree *t = &f->trees[i];

		if (t->arena != NULL &&
		    str_eq(t->skeleton, buf_str(&k->html))) {
			t->used = f->records;
			return t;
		}
		if (t->used < oldest->used)
			oldest = t;
	}
	if (read_tree(oldest, k, fail) < 0)
		return NULL;
	oldest->used = f->records;
	return oldest;
}

/* Copy a slot's source with values in place of its holes. */
static struct str
fill_slot(const struct tree *t, struct str s, const struct template_skeleton *k,
    struct arena *a)
{
	struct buf b = {0};
	struct str filled;

	for (size_t i = 0; i < s.n;) {
		size_t at = i;
		size_t hole = html_field_number(utf8_next(s.p, s.n, &i));

		if (hole < t->holes)
			buf_addstr(&b, k->values[hole]);
		else
			buf_add(&b, s.p + at, i - at);
	}
	filled = arena_str(a, buf_str(&b));
	buf_free(&b);
	return filled;
}

static int
convert_record(struct text_form *form, const struct template_data *data,
    struct arena *a, struct buf *out, struct fail *fail)
{
	struct buf html = {0};
	int rc = template_render(form->template, data, a, &html, fail);

	if (rc == 0)
		rc = text_from_html(out, buf_str(&html), form->params, fail);
	buf_free(&html);
	return rc;
}

/* True if the holes are the only characters of their plane. */
static bool
has_holes_only(const struct template_skeleton *k)
{
	const char *p = buf_str(&k->html).p, *end = p + k->html.len;
	size_t count = 0;

	while (p < end && (p = memchr(p, 0xf3, (size_t)(end - p))) != NULL) {
		count++;
		p++;
	}
	return count == k->count;
}

static int
fill_tree(struct text_form *form, const struct template_data *data,
    const struct template_skeleton *k, struct arena *a, struct buf *out,
    struct fail *fail)
{
	struct tree *t = NULL;

	if (k->size <= HTML_MAX && k->count <= HTML_FIELD_MAX &&
	    has_holes_only(k)) {
		t = find_tree(form, k, fail);
		if (t == NULL)
			return -1;
	}
	if (t == NULL || !t->whole)
		return convert_record(form, data, a, out, fail);
	for (const struct slot *s = t->slots; s != NULL; s = s->next)
		*s->place = fill_slot(t, s->source, k, a);
	text_from_tree(out, &t->html, form->params, t->arena);
	return 0;
}

int
text_form_render(struct text_form *form, const struct template_data *data,
    struct arena *a, struct buf *out, struct fail *fail)
{
	struct template_skeleton k = {0};
	int rc = template_render_skeleton(form->template, data, a, &k, fail);

	if (rc == 0)
		rc = fill_tree(form, data, &k, a, out, fail);
	template_skeleton_free(&k);
	return rc;
}
