/*
 * mustache-cases FILE.json...: run case files in the format of the Mustache
 * specification (overview, tests: name, desc, data, template, partials,
 * expected) as plain Mustache. Prints each failure and a count; the status is
 * 1 if a case fails, 2 if a file cannot be read.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_get.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"

struct case_count {
	size_t all, failed;
};

struct partials {
	struct json_object texts;
	struct arena *arena;
};

static struct template_source
find_partial(void *ctx, const char *name)
{
	struct partials *p = ctx;
	const struct json_value *v = json_get(&p->texts, name);

	return (struct template_source){
	    .bytes =
		v != NULL ? json_get_decoded(*v, p->arena) : (struct str){0}};
}

static struct str
get_text(const struct json_object *o, const char *name, struct arena *a)
{
	const struct json_value *v = json_get(o, name);

	if (v == NULL || v->type != JSON_STRING)
		return STR("");
	return json_get_decoded(*v, a);
}

static void
get_object(const struct json_object *o, const char *name,
    struct json_object *out, struct arena *a)
{
	const struct json_value *v = json_get(o, name);

	*out = (struct json_object){0};
	if (v != NULL && v->type == JSON_OBJECT)
		json_get_members(*v, out, a);
}

static int
render_case(const struct json_object *test, struct buf *out, struct arena *a,
    struct fail *f)
{
	struct partials partials = {.arena = a};
	struct template_params params = {.name = "template",
	    .context = TEMPLATE_PLAIN,
	    .rules.missing = TEMPLATE_MISSING_EMPTY,
	    .rules.partial = find_partial,
	    .rules.partial_ctx = &partials};
	struct json_object data;
	const struct json_object *objects[] = {&data};
	struct template_data d = {
	    .objects = objects, .count = 1, .self = json_get(test, "data")};
	struct template *t;
	int rc;

	get_object(test, "partials", &partials.texts, a);
	get_object(test, "data", &data, a);
	if (template_parse(&t, get_text(test, "template", a), &params, f) < 0)
		return -1;
	rc = template_render(t, &d, a, out, f);
	template_free(t);
	return rc;
}

static void
run_case(const char *file, struct json_value v, struct case_count *count,
    struct arena *a)
{
	struct json_object test;
	struct buf out = {0};
	struct str want, name;
	struct fail f;

	json_get_members(v, &test, a);
	want = get_text(&test, "expected", a);
	name = get_text(&test, "name", a);
	if (render_case(&test, &out, a, &f) < 0) {
		buf_reset(&out);
		buf_adds(&out, f.text);
	}
	count->all++;
	if (!str_eq(buf_str(&out), want)) {
		count->failed++;
		printf("%s: %.*s\n     got: [%.*s]\nexpected: [%.*s]\n", file,
		    (int)name.n, name.p, (int)out.len, out.len > 0 ? out.p : "",
		    (int)want.n, want.p);
	}
	buf_free(&out);
}

static int
run_file(const char *path, struct case_count *count, struct arena *a)
{
	struct buf text = {0};
	struct json_object o;
	const struct json_value *tests;
	struct json_value v;
	struct fail f;
	size_t at = 0;
	int rc = 0;

	if (file_read(&text, path, 64 << 20, NULL, &f) < 0) {
		fprintf(stderr, "mustache-cases: %s\n", f.text);
		rc = 2;
	} else if (json_parse(&o, buf_str(&text), a, &f) < 0) {
		fprintf(stderr, "mustache-cases: %s: %s\n", path, f.text);
		rc = 2;
	} else if ((tests = json_get(&o, "tests")) == NULL ||
		   tests->type != JSON_ARRAY) {
		fprintf(stderr, "mustache-cases: %s: no tests\n", path);
		rc = 2;
	} else {
		while (json_get_next(*tests, &at, &v))
			run_case(path, v, count, a);
	}
	buf_free(&text);
	return rc;
}

int
main(int argc, char **argv)
{
	struct case_count count = {0};
	struct arena *a = arena_new();
	int rc = argc < 2 ? 2 : 0;

	if (rc != 0)
		fputs("usage: mustache-cases FILE.json...\n", stderr);
	for (int i = 1; i < argc; i++)
		if (run_file(argv[i], &count, a) != 0)
			rc = 2;
	printf("%zu cases, %zu failed\n", count.all, count.failed);
	arena_free(a);
	return rc != 0 ? rc : count.failed > 0;
}
