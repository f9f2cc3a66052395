/*
 * The input is a template and a record, separated by a NUL. A template that
 * compiles is rendered in all contexts; in HTML no value may add a "<".
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"

static struct template_source
find_partial(void *ctx, const char *name)
{
	struct str *source = ctx;

	return (struct template_source){
	    .bytes = strcmp(name, "p") == 0 ? *source : (struct str){0}};
}

static size_t
count_byte(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

static void
render(struct str source, const struct template *original,
    const struct json_object *o, enum template_context context, struct arena *a)
{
	struct template_params params = {.name = "t",
	    .original = original,
	    .context = context,
	    .rules.missing = o->count % 2 == 0 ? TEMPLATE_MISSING_ERROR
					       : TEMPLATE_MISSING_EMPTY,
	    .rules.partial = find_partial,
	    .rules.partial_ctx = &source};
	const struct json_object *objects[] = {o};
	struct template_data data = {.objects = objects, .count = 1};
	struct template *t;
	struct buf out = {0};
	struct fail f;

	if (template_parse(&t, source, &params, &f) < 0)
		return;
	if (template_render(t, &data, a, &out, &f) == 0 &&
	    context == TEMPLATE_HTML && count_byte(source, '{') <= 4 &&
	    memmem(source.p, source.n, "{{{", 3) == NULL &&
	    count_byte(source, '&') == 0 && count_byte(source, '#') == 0 &&
	    count_byte(source, '=') == 0 && count_byte(source, '>') == 0 &&
	    count_byte(buf_str(&out), '<') > count_byte(source, '<'))
		abort();
	template_free(t);
	buf_free(&out);
}

/* The original of a template has all of its tags, or none of them. */
static void
render_copy(struct str source, struct str copied, const struct json_object *o,
    struct arena *a)
{
	struct template_params params = {.name = "original",
	    .context = TEMPLATE_TEXT,
	    .rules.partial = find_partial,
	    .rules.partial_ctx = &copied};
	struct template *original;
	struct fail f;

	if (template_parse(&original, copied, &params, &f) < 0)
		return;
	render(source, original, o, TEMPLATE_HTML, a);
	template_free(original);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	const char *nul = size > 0 ? memchr(p, '\0', size) : NULL;
	struct arena *a = arena_new();
	struct str source = {p, size}, record = STR("{}");
	struct json_object o;
	struct fail f;

	if (nul != NULL) {
		source.n = (size_t)(nul - p);
		record = (struct str){nul + 1, size - source.n - 1};
	}
	if (source.n < 2000 && json_parse(&o, record, a, &f) == 0) {
		render(source, NULL, &o, TEMPLATE_HTML, a);
		render(source, NULL, &o, TEMPLATE_TEXT, a);
		render(source, NULL, &o, TEMPLATE_PLAIN, a);
		render_copy(source, source, &o, a);
		render_copy(source, STR("{{b}} {{#a}}{{/a}}"), &o, a);
	}
	arena_free(a);
	return 0;
}
