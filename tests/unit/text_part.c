#include "mail/text/plain_fast.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"
#include "mail/text/plain_fields.h"
#include "mail/text/text.h"
#include "unit.h"

static struct arena *arena;

struct fixture {
	struct plain_fast_params params;
	struct text_params convert;
	struct template *html;
};

static bool
open_fixture(struct fixture *x, const char *html, int width)
{
	struct template_params tp = {.name = "body", .context = TEMPLATE_HTML};
	struct fail f;

	*x = (struct fixture){0};
	x->params.source = str_of(html);
	x->params.convert = &x->convert;
	x->convert.width = width;
	if (template_parse(&x->html, str_of(html), &tp, &f) < 0)
		return false;
	x->params.html = x->html;
	return true;
}

/* True if the short way gives the text of the record's HTML. */
static bool
same_both_ways(const struct fixture *x, const struct plain_fast *fast,
    const struct template_data *data)
{
	struct buf html = {0}, slow = {0}, quick = {0};
	struct fail f = {0};
	bool good;

	good = template_render(x->html, data, arena, &html, &f) == 0 &&
	       text_from_html(&slow, buf_str(&html), &x->convert, &f) == 0 &&
	       plain_fast_render(fast, data, arena, &quick, &f) == 0 &&
	       str_eq(buf_str(&slow), buf_str(&quick));
	if (!good)
		printf("# %s\n# slow [%.*s]\n# fast [%.*s]\n", f.text,
		    (int)slow.len, slow.p, (int)quick.len, quick.p);
	buf_free(&html);
	buf_free(&slow);
	buf_free(&quick);
	return good;
}

/* Templates, and whether each allows the short way at 72 columns. */
static const struct {
	const char *html;
	bool quick;
} templates[] = {
    {"<p>Hello {{name}}, welcome to {{course_title}} with all its long "
     "lines that are to be wrapped, {{name}}</p>",
	true},
    {"<h1>Hello {{name}}</h1><h2>{{course_title}}</h2><h3>x</h3>", true},
    {"<h1>{{name}} of {{course_title}}</h1>", true},
    {"<h2><p>{{name}}</p><p>{{course_title}}</p></h2>", true},
    {"<h2>{{name}}<h2>of {{course_title}}", false},
    {"<h2>{{token}}<h2><a href=\"https://e.org/c?u={{token}}\">{{name}}</a>",
	true},
    {"<ul><li>{{name}} and a text that is long enough to be wrapped at "
     "least once<ol><li>{{course_title}}</li></ol></ul>",
	true},
    {"<blockquote><p>{{name}} and a text that is long enough to be wrapped "
     "at least once</p></blockquote>",
	true},
    {"<a href=\"{{url}}\">Go to {{course_title}}</a> and more", true},
    {"<a href=\"https://e.org/c?u={{token}}\">Go</a> {{name}}", true},
    {"<table><tr><td>{{name}}</td><td>b</td></tr></table>", true},
    {"<p>no field at all</p><hr><p>x</p>", true},
    {"<p>{{name}}<sup>2</sup></p>", false},
    {"<pre>{{name}}</pre>", false},
    {"<p>a&nbsp;{{name}}</p>", false},
    {"<p>1 < 2, {{name}}</p>", false},
    {"<p>1 &lt; 2, {{name}}</p>", false},
    {"{{#name}}<p>{{name}}</p>{{/name}}", false},
    {"<p>{{{name}}}</p>", false},
    {"<p>{{&name}}</p>", false},
    {"<img alt=\"{{name}}\" src=\"x.png\" width=\"{{token}}\">", true},
};

static const struct {
	const char *value;
	bool words, token, url;
} values[] = {
    {"Ann", true, true, false},
    {"Ann Lee", true, false, false},
    {"O'Neil, Ann", true, false, false},
    {"\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99", true, false, false},
    {"7", true, true, false},
    {"", false, false, false},
    {" Ann", false, false, false},
    {"Ann ", false, false, false},
    {"Ann  Lee", false, false, false},
    {"Ann\nLee", false, false, false},
    {"Ann\tLee", false, false, false},
    {"Ann\xc2\xa0Lee", false, false, false},
    {"Ann\xe2\x80\x8bLee", false, false, false},
    {"- Ann", false, false, false},
    {"> Ann", false, false, false},
    {"a <b", false, false, false},
    {"a {{b}}", false, false, false},
    {"%%USER_ID%%", false, false, false},
    {"\xef\xa3\xb0", false, false, false},
    {"https://e.org/a?b=c", true, false, true},
    {"http://e.org/", true, false, false},
    {"https://e.org/a b", true, false, false},
    {"https://e.org/%41", false, false, false},
};

static void
test_values(void)
{
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct str v = str_of(values[i].value);

		ok(plain_fields_accept(
		       &(struct plain_field){.level = PLAIN_WORDS}, v) ==
			    values[i].words &&
			plain_fields_accept(
			    &(struct plain_field){.level = PLAIN_TOKEN}, v) ==
			    values[i].token &&
			plain_fields_accept(
			    &(struct plain_field){.level = PLAIN_URL}, v) ==
			    values[i].url,
		    "value [%s]", values[i].value);
	}
	ok(!plain_fields_accept(
	       &(struct plain_field){.linked = true}, STR("e.org")),
	    "an address is refused as the text of a link");
}

static const char *const records[] = {
    "{\"name\":\"Ann\",\"course_title\":\"CS\",\"url\":\"https://e.org/\","
    "\"token\":\"ann\"}",
    "{\"name\":\"Maximiliana Featherstonehaugh\",\"course_title\":\"A course "
    "with a title that is much longer than anybody would like it to be, in "
    "which nothing happens\",\"url\":\"https://e.org/a/b/c/d/e/f/g/h/i/j/k/l"
    "/m/n/o/p/q/r/s/t/u/v/w/x/y/z/a/b/c/d/e/f\",\"token\":\"a-b_c\"}",
    "{\"name\":\"\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99\",\"course_title\":"
    "\"\xd7\x9e\xd7\x91\xd7\x95\xd7\x90 \xd7\x9c\xd7\x9e\xd7\x93\xd7\xa2\xd7"
    "\x99 \xd7\x94\xd7\x9e\xd7\x97\xd7\xa9\xd7\x91\",\"url\":"
    "\"https://e.org/\",\"token\":\"7\"}",
    "{\"name\":7,\"course_title\":\"O'Neil & Sons, \\\"x\\\" (y)\",\"url\":"
    "\"https://e.org/\",\"token\":\"x\"}",
};

static void
test_template(size_t i, int width)
{
	struct fixture x;
	struct plain_fast *fast;
	size_t k;

	if (!ok(open_fixture(&x, templates[i].html, width), "template %zu", i))
		return;
	fast = plain_fast_new(&x.params);
	ok(width != 72 || (fast != NULL) == templates[i].quick,
	    "short way %zu at %d", i, width);
	for (k = 0; fast && k < sizeof(records) / sizeof(records[0]); k++) {
		struct json_object o;
		const struct json_object *objects[] = {&o};
		struct template_data data = {.objects = objects, .count = 1};
		struct fail f = {0};

		if (json_parse(&o, str_of(records[k]), arena, &f) < 0)
			ok(false, "record %zu: %s", k, f.text);
		else if (!plain_fast_suits(fast, &data, arena))
			ok(k > 0 || width != 72,
			    "%zu: record %zu does not suit", i, k);
		else
			ok(same_both_ways(&x, fast, &data),
			    "same text %zu, record %zu", i, k);
	}
	plain_fast_free(fast);
	template_free(x.html);
}

int
main(void)
{
	static const int widths[] = {72, 20, 0};
	size_t i, k;

	arena = arena_new();
	test_values();
	for (i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
		for (k = 0; k < 3; k++)
			test_template(i, widths[k]);
	}
	arena_free(arena);
	return unit_end();
}
