#include "mail/text/plain_fast.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/mem.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"
#include "mail/text/plain_fields.h"
#include "mail/text/plain_lines.h"
#include "mail/text/text.h"

struct plain_fast {
	struct arena *arena;
	struct plain_fields fields;
	struct template *text;
	int width;
};

/* The kinds of probe values; %zu is the field's number. */
enum probe {
	TOKEN,
	LONG_TOKEN,
	NUMBER,
	WORDS,
	EAST,
	MARKS,
	URL,
	LONG_URL,
	PROBES
};

static const char *const probes[PROBES] = {
    [TOKEN] = "v%zuq",
    [LONG_TOKEN] = "v%zuq-8f14e45fceea167a5a36dedd4bea2543.c9f0f895fb98ab91",
    [NUMBER] = "1%zu",
    [WORDS] = "Maximiliana Featherstonehaugh-%zu Cholmondeley of the "
	      "Northern Reaches",
    [EAST] = "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x81\xae\xe9\x95\xb7"
	     "\xe3\x81\x84\xe5\x90\x8d\xe5\x89\x8d%zu \xd7\xa2\xd7\x91\xd7\xa8",
    [MARKS] = "O'Neil, \"Ann\" & (x) #%zu.",
    [URL] = "https://e%zu.example/a?b=c&d=e",
    [LONG_URL] = "https://e%zu.example/a-long-way/that/goes/on/and/on/for/"
		 "more/than/one/line?and=never&comes=to+an+end",
};

/* One comparison of the two ways. */
struct trial {
	struct plain_fast *fast;
	const struct plain_fast_params *params;
	struct arena *arena;
	enum probe *kinds; /* of each field */
};

static void
set_one(struct trial *t, size_t i, enum probe words, enum probe token,
    enum probe url)
{
	enum plain_level level = t->fast->fields.items[i].level;

	t->kinds[i] = level == PLAIN_URL     ? url
		      : level == PLAIN_TOKEN ? token
					     : words;
}

static void
set_all(struct trial *t, enum probe words, enum probe token, enum probe url)
{
	size_t i;

	for (i = 0; i < t->fast->fields.count; i++)
		set_one(t, i, words, token, url);
}

static void
make_record(struct trial *t, struct json_object *o)
{
	const struct plain_fields *fs = &t->fast->fields;
	size_t i;

	o->count = fs->count;
	o->members =
	    arena_alloc(t->arena, (fs->count + 1) * sizeof(*o->members));
	for (i = 0; i < fs->count; i++) {
		struct json_member *m = &o->members[i];
		struct buf value = {0}, quoted = {0};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		buf_printf(&value, probes[t->kinds[i]], i);
#pragma GCC diagnostic pop
		json_put_string(&quoted, buf_str(&value));
		m->name = str_of(fs->items[i].name);
		m->value.type = JSON_STRING;
		m->value.raw = arena_str(t->arena, buf_str(&quoted));
		buf_free(&value);
		buf_free(&quoted);
	}
}

/* Set whether the HTML renders, and whether both ways give the same text. */
static void
compare_ways(struct trial *t, bool *renders, bool *same)
{
	struct buf html = {0}, slow = {0}, quick = {0};
	struct json_object o;
	const struct json_object *objects[] = {&o};
	struct template_data data = {.objects = objects, .count = 1};
	struct fail f;

	make_record(t, &o);
	*same = false;
	*renders =
	    template_render(t->params->html, &data, t->arena, &html, &f) == 0;
	if (*renders &&
	    text_from_html(&slow, buf_str(&html), t->params->convert, &f) ==
		0 &&
	    plain_fast_render(t->fast, &data, t->arena, &quick, &f) == 0)
		*same = str_eq(buf_str(&slow), buf_str(&quick));
	buf_free(&html);
	buf_free(&slow);
	buf_free(&quick);
}

static bool
same_for_all(
    struct trial *t, enum probe words, enum probe token, enum probe url)
{
	bool renders, same;

	set_all(t, words, token, url);
	compare_ways(t, &renders, &same);
	return same;
}

static bool
same_for_one(struct trial *t, size_t i, enum probe kind)
{
	bool renders, same;

	set_all(t, TOKEN, TOKEN, URL);
	t->kinds[i] = kind;
	compare_ways(t, &renders, &same);
	return same;
}

/* A field at the start of an address accepts nothing but addresses. */
static bool
find_urls(struct trial *t)
{
	struct plain_fields *fs = &t->fast->fields;
	bool renders, same;
	size_t i;

	set_all(t, TOKEN, TOKEN, URL);
	compare_ways(t, &renders, &same);
	if (renders)
		return true;
	for (i = 0; i < fs->count; i++) {
		set_all(t, URL, URL, URL);
		t->kinds[i] = TOKEN;
		compare_ways(t, &renders, &same);
		if (!renders)
			fs->items[i].level = PLAIN_URL;
	}
	set_all(t, TOKEN, TOKEN, URL);
	compare_ways(t, &renders, &same);
	return renders;
}

/* Inside an address only the HTML has words percent-encoded. */
static void
find_tokens(struct trial *t)
{
	struct plain_fields *fs = &t->fast->fields;
	size_t i;

	for (i = 0; i < fs->count; i++) {
		if (fs->items[i].level == PLAIN_WORDS &&
		    (!same_for_one(t, i, WORDS) || !same_for_one(t, i, MARKS)))
			fs->items[i].level = PLAIN_TOKEN;
	}
}

/* Long values where the bit of the field's number is as given. */
static bool
same_for_mixed(struct trial *t, size_t bit, bool set)
{
	bool renders, same;
	size_t i;

	set_all(t, TOKEN, TOKEN, URL);
	for (i = 0; i < t->fast->fields.count; i++) {
		if (((i & bit) != 0) == set)
			set_one(t, i, WORDS, LONG_TOKEN, LONG_URL);
	}
	compare_ways(t, &renders, &same);
	return same;
}

/* Of any two fields each has the longer value once. */
static bool
same_for_lengths(struct trial *t)
{
	size_t bit;

	for (bit = 1; bit < t->fast->fields.count; bit *= 2) {
		if (!same_for_mixed(t, bit, true) ||
		    !same_for_mixed(t, bit, false))
			return false;
	}
	return true;
}

static bool
same_for_words(struct trial *t)
{
	return same_for_all(t, WORDS, TOKEN, URL) &&
	       same_for_all(t, EAST, TOKEN, URL) &&
	       same_for_all(t, MARKS, NUMBER, LONG_URL) &&
	       same_for_all(t, NUMBER, TOKEN, URL) && same_for_lengths(t);
}

static bool
passes_trial(struct plain_fast *fast, const struct plain_fast_params *params)
{
	struct trial t = {.fast = fast, .params = params, .arena = arena_new()};
	bool good;

	t.kinds =
	    arena_alloc(t.arena, (fast->fields.count + 1) * sizeof(*t.kinds));
	good = find_urls(&t) && same_for_all(&t, TOKEN, TOKEN, URL);
	if (good && !same_for_words(&t)) {
		find_tokens(&t);
		good = same_for_words(&t);
	}
	arena_free(t.arena);
	return good;
}

static bool
compile_lines(struct plain_fast *fast, const struct plain_fast_params *params)
{
	struct template_params tp = {.name = "text",
	    .context = TEMPLATE_TEXT,
	    .rules.missing = params->missing};
	struct text_params wide = *params->convert;
	struct buf set = {0}, unset = {0}, merged = {0};
	struct fail f;
	bool good;

	wide.width = 0;
	good = text_from_html(&set, params->source, params->convert, &f) == 0 &&
	       text_from_html(&unset, params->source, &wide, &f) == 0 &&
	       plain_lines_merge(&merged, buf_str(&set), buf_str(&unset)) &&
	       template_parse(&fast->text, buf_str(&merged), &tp, &f) == 0;
	buf_free(&set);
	buf_free(&unset);
	buf_free(&merged);
	return good;
}

struct plain_fast *
plain_fast_new(const struct plain_fast_params *params)
{
	struct plain_fast *fast = mem_new(sizeof(*fast));

	fast->arena = arena_new();
	fast->width = params->convert->width;
	if (plain_fields_scan(&fast->fields, params->source, fast->arena) &&
	    compile_lines(fast, params) && passes_trial(fast, params))
		return fast;
	plain_fast_free(fast);
	return NULL;
}

void
plain_fast_free(struct plain_fast *fast)
{
	if (fast == NULL)
		return;
	template_free(fast->text);
	arena_free(fast->arena);
	free(fast);
}

static const struct json_value *
find_member(const struct template_data *data, const char *name)
{
	const struct json_value *v = NULL;
	size_t i;

	for (i = data->count; i > 0 && v == NULL; i--)
		v = json_get(data->objects[i - 1], name);
	return v;
}

bool
plain_fast_suits(const struct plain_fast *fast,
    const struct template_data *data, struct arena *a)
{
	size_t i;

	for (i = 0; i < fast->fields.count; i++) {
		const struct plain_field *field = &fast->fields.items[i];
		const struct json_value *v = find_member(data, field->name);
		struct str text;

		if (v == NULL ||
		    (v->type != JSON_STRING && v->type != JSON_NUMBER))
			return false;
		text =
		    v->type == JSON_STRING ? json_get_decoded(*v, a) : v->raw;
		if (!plain_fields_accept(field, text))
			return false;
	}
	return true;
}

int
plain_fast_render(const struct plain_fast *fast,
    const struct template_data *data, struct arena *a, struct buf *out,
    struct fail *f)
{
	struct buf text = {0};
	int rc = template_render(fast->text, data, a, &text, f);

	if (rc == 0)
		plain_lines_finish(out, buf_str(&text), fast->width);
	buf_free(&text);
	return rc;
}
